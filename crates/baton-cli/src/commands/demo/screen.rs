//! The live view on a terminal. Plain figures, no state of its own: it shows a [`Picture`].

use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize as _};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};
use ratatui::{DefaultTerminal, Frame};

use super::picture::{Picture, minute};
use crate::exit::Result;

/// Longest bar, in characters.
const BAR_CHARS_MAX: u64 = 24;

/// The terminal while the view has it. Gives it back as it was, also when the program fails.
pub(super) struct Screen(DefaultTerminal);

impl Screen {
    pub(super) fn take() -> Result<Self> {
        Ok(Self(ratatui::try_init()?))
    }

    pub(super) fn draw(&mut self, picture: &Picture, words: &[String]) -> Result<()> {
        self.0.draw(|frame| draw(frame, picture, words))?;
        Ok(())
    }

    /// Waits a moment for a key; whether it was one that ends the demo.
    pub(super) fn asked_to_end(&self, wait: Duration) -> Result<bool> {
        if !event::poll(wait)? {
            return Ok(false);
        }
        let Event::Key(key) = event::read()? else { return Ok(false) };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        Ok(matches!(key.code, KeyCode::Char('q') | KeyCode::Esc)
            || (control && key.code == KeyCode::Char('c')))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

fn draw(frame: &mut Frame<'_>, picture: &Picture, words: &[String]) {
    let words_height = u16::try_from(words.len()).unwrap_or(u16::MAX).saturating_add(2);
    let middle_height = u16::try_from(picture.phases.len()).unwrap_or(u16::MAX).saturating_add(2);
    let [head, middle, latest, foot] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(middle_height.max(4)),
        Constraint::Min(3),
        Constraint::Length(words_height),
    ])
    .areas(frame.area());
    let [phases, trouble] =
        Layout::horizontal([Constraint::Percentage(45), Constraint::Percentage(55)]).areas(middle);
    draw_head(frame, head, picture);
    draw_phases(frame, phases, picture);
    draw_trouble(frame, trouble, picture);
    let lines: Vec<Line<'_>> = picture.latest.iter().map(|line| line.as_str().into()).collect();
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" latest ")), latest);
    let lines: Vec<Line<'_>> = words.iter().map(|line| line.as_str().into()).collect();
    let block = Block::bordered().title(" what to try, in another terminal; q ends ");
    frame.render_widget(Paragraph::new(lines).block(block), foot);
}

fn draw_head(frame: &mut Frame<'_>, area: Rect, picture: &Picture) {
    let clock = picture.clock.map(minute).unwrap_or_default();
    let line = Line::from(vec![
        Span::from(clock).bold(),
        Span::from(" simulated   "),
        Span::from(picture.orders.to_string()).bold(),
        Span::from(" orders   "),
        Span::from(picture.sent.to_string()).bold(),
        Span::from(format!(" messages, {} a second   ", picture.sent_per_second)),
        Span::from(picture.handoffs.to_string()).bold(),
        Span::from(" hand-offs"),
    ]);
    let block = Block::bordered().title(" baton demo: the sample world ");
    frame.render_widget(Paragraph::new(line).block(block), area);
}

fn draw_phases(frame: &mut Frame<'_>, area: Rect, picture: &Picture) {
    let most = picture.phases.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let line = |(name, count): &(&'static str, u64)| {
        let bar = "█".repeat(usize::try_from(count * BAR_CHARS_MAX / most).unwrap_or(0));
        Line::from(vec![
            Span::from(format!("{:<16}{count:>6} ", name.replace('_', " "))),
            Span::styled(bar, Style::new().fg(Color::Cyan)),
        ])
    };
    let lines: Vec<Line<'_>> = picture.phases.iter().map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" orders ")), area);
}

fn draw_trouble(frame: &mut Frame<'_>, area: Rect, picture: &Picture) {
    let line = |(code, name, count): &(&'static str, &'static str, i64)| {
        Line::from(vec![
            Span::styled(format!("{count:>5} "), Style::new().fg(Color::Red)),
            Span::from(format!("{code} {}", name.replace('_', " "))),
        ])
    };
    let lines: Vec<Line<'_>> = picture.trouble.iter().map(line).collect();
    let block = Block::bordered().title(" open exceptions ");
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
