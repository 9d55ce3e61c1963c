//! What letters say, in the reader's language: plain text, short, and with one link.

use baton_core::time::Instant;
use lettre::Address;

use crate::language::Language;

/// The longest name that is put into a letter, in characters.
const NAME_CHARS_MAX: usize = 80;
/// The same of a reason, or of a list of packs.
const REASON_CHARS_MAX: usize = 500;

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub language: Language,
    /// How whoever it is for is called.
    pub name: String,
    pub sender: Sender,
    pub about: About,
}

/// In whose name a letter goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// How whoever sends it is called: the tenant, or Baton.
    pub name: String,
    /// The name beside the operator's address, in place of the operator's own.
    pub shown: Option<String>,
    /// Where answers go.
    pub reply_to: Option<Address>,
}

impl Sender {
    /// Without a brand's say.
    #[must_use]
    pub fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), shown: None, reply_to: None }
    }
}

/// What a letter is about.
#[derive(Clone, PartialEq, Eq)]
pub enum About {
    /// To take up a seat by this address, for so many days.
    Invitation { url: String, days: i64 },
    /// To set another password by this address, for so many hours.
    Reset { url: String, hours: i64 },
    /// To look at what somebody asks for, and to approve or refuse it.
    Approval { url: String, asked_by: String, wanted: WantedThen, reason: String, until: Instant },
}

/// What there is to approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedThen {
    /// These versions of packs, as `starter@1.1.0`, become active.
    Packs(Vec<String>),
    /// So many have to approve packs.
    Approvals(i64),
}

impl std::fmt::Debug for About {
    // The links open doors.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invitation { .. } => "Invitation",
            Self::Reset { .. } => "Reset",
            Self::Approval { .. } => "Approval",
        })
    }
}

impl Letter {
    pub(super) fn subject(&self) -> String {
        let sender = plain(&self.sender.name);
        match (&self.about, self.language) {
            (About::Invitation { .. }, Language::En) => format!("{sender} invites you to Baton"),
            (About::Invitation { .. }, Language::De) => format!("{sender} lädt Sie zu Baton ein"),
            (About::Reset { .. }, Language::En) => "Set a new password for Baton".to_owned(),
            (About::Reset { .. }, Language::De) => "Neues Passwort für Baton setzen".to_owned(),
            (About::Approval { asked_by, .. }, Language::En) => {
                format!("{} asks for your approval at {sender}", plain(asked_by))
            }
            (About::Approval { asked_by, .. }, Language::De) => {
                format!("{} bittet um Ihre Zustimmung bei {sender}", plain(asked_by))
            }
        }
    }

    pub(super) fn text(&self) -> String {
        let (name, sender) = (plain(&self.name), plain(&self.sender.name));
        match (&self.about, self.language) {
            (About::Invitation { url, days }, Language::En) => format!(
                "Hello {name},\n\n\
                 {sender} invites you to Baton. With this link you set a password and take up your seat:\n\n\
                 {url}\n\n\
                 It is good for {days} days, and once. If you work with this Baton already, say the \
                 password that you have.\n\n\
                 If you do not know why you get this, leave the link alone: nothing happens without it.\n"
            ),
            (About::Invitation { url, days }, Language::De) => format!(
                "Guten Tag {name},\n\n\
                 {sender} lädt Sie zu Baton ein. Mit diesem Link setzen Sie ein Passwort und nehmen Ihren Platz ein:\n\n\
                 {url}\n\n\
                 Er gilt {days} Tage und einmal. Wenn Sie mit diesem Baton schon arbeiten, geben Sie das \
                 Passwort an, das Sie haben.\n\n\
                 Wenn Sie nicht wissen, warum Sie dies bekommen, lassen Sie den Link ungenutzt: ohne ihn geschieht nichts.\n"
            ),
            (About::Reset { url, hours }, Language::En) => format!(
                "Hello {name},\n\n\
                 somebody, most likely you, asked for a new password at Baton. With this link you set one:\n\n\
                 {url}\n\n\
                 It is good for {hours} hours, and once. Until you use it, the old password holds.\n\n\
                 If it was not you, leave the link alone, and tell your administrator if it happens again.\n"
            ),
            (About::Reset { url, hours }, Language::De) => format!(
                "Guten Tag {name},\n\n\
                 jemand, vermutlich Sie, hat bei Baton um ein neues Passwort gebeten. Mit diesem Link setzen Sie eines:\n\n\
                 {url}\n\n\
                 Er gilt {hours} Stunden und einmal. Bis Sie ihn benutzen, gilt das alte Passwort.\n\n\
                 Wenn Sie es nicht waren, lassen Sie den Link ungenutzt und sagen Sie Ihrem Administrator Bescheid, wenn es wieder geschieht.\n"
            ),
            (About::Approval { url, asked_by, wanted, reason, until }, Language::En) => {
                let (asked_by, reason) = (plain(asked_by), one_line(reason, REASON_CHARS_MAX));
                let wanted = match wanted {
                    WantedThen::Packs(packs) => {
                        format!(
                            "make these packs active: {}",
                            one_line(&packs.join(", "), REASON_CHARS_MAX)
                        )
                    }
                    WantedThen::Approvals(0) => {
                        "let packs become active without approval".to_owned()
                    }
                    WantedThen::Approvals(n) => format!("have {n} approve packs from then on"),
                };
                format!(
                    "Hello {name},\n\n\
                     {asked_by} asks to {wanted}.\n\n\
                     The reason: {reason}\n\n\
                     See what would change, and approve or refuse it:\n\n\
                     {url}\n\n\
                     It can be decided until {}.\n",
                    moment(*until)
                )
            }
            (About::Approval { url, asked_by, wanted, reason, until }, Language::De) => {
                let (asked_by, reason) = (plain(asked_by), one_line(reason, REASON_CHARS_MAX));
                let wanted = match wanted {
                    WantedThen::Packs(packs) => {
                        format!(
                            "diese Pakete zu aktivieren: {}",
                            one_line(&packs.join(", "), REASON_CHARS_MAX)
                        )
                    }
                    WantedThen::Approvals(0) => {
                        "Pakete ohne Zustimmung aktiv werden zu lassen".to_owned()
                    }
                    WantedThen::Approvals(n) => {
                        format!("künftig {n} den Paketen zustimmen zu lassen")
                    }
                };
                format!(
                    "Guten Tag {name},\n\n\
                     {asked_by} bittet darum, {wanted}.\n\n\
                     Der Grund: {reason}\n\n\
                     Sehen Sie, was sich ändern würde, und stimmen Sie zu oder lehnen Sie ab:\n\n\
                     {url}\n\n\
                     Entschieden werden kann bis {}.\n",
                    moment(*until)
                )
            }
        }
    }
}

/// An instant to the minute, in UTC: whoever reads it may be anywhere.
fn moment(at: Instant) -> String {
    let text = at.to_string();
    let minute = text.get(..16).unwrap_or(&text).replace('T', " ");
    format!("{minute} UTC")
}

/// A name as a line of a letter can have it: nobody's name writes headers, or a page of its own.
pub(super) fn plain(name: &str) -> String {
    one_line(name, NAME_CHARS_MAX)
}

fn one_line(text: &str, chars_max: usize) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approval(url: &str, wanted: WantedThen) -> About {
        About::Approval {
            url: url.to_owned(),
            asked_by: "Ada\r\nBcc: z@y.example".into(),
            wanted,
            reason: "it is\n\ntime".into(),
            until: Instant::from_seconds(1_777_000_000),
        }
    }

    #[test]
    fn letters_have_their_link_and_no_lines_of_somebodys_name() {
        let url = "https://baton.example/invitation#bal_x".to_owned();
        for language in [Language::En, Language::De] {
            for about in [
                About::Invitation { url: url.clone(), days: 7 },
                About::Reset { url: url.clone(), hours: 24 },
                approval(&url, WantedThen::Packs(vec!["acme@1.0.0".into()])),
                approval(&url, WantedThen::Approvals(0)),
                approval(&url, WantedThen::Approvals(2)),
            ] {
                let letter = Letter {
                    language,
                    name: "Noor\r\nBcc: x@y.example".into(),
                    sender: Sender::plain("Northwind\n"),
                    about,
                };
                let (subject, text) = (letter.subject(), letter.text());
                assert!(!subject.contains(['\r', '\n']), "{subject}");
                assert!(text.contains(&format!("\n\n{url}\n\n")), "{text}");
                assert!(text.contains("Noor Bcc: x@y.example,\n"), "{text}");
                assert!(!format!("{letter:?}").contains("bal_x"));
            }
        }
    }
}
