//! What letters say, in the reader's language: plain text, short, and with one link.

use crate::language::Language;

/// The longest name that is put into a letter, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub language: Language,
    /// How whoever it is for is called.
    pub name: String,
    /// How whoever sends it is called: the tenant, or Baton.
    pub sender: String,
    pub about: About,
}

/// What a letter is about.
#[derive(Clone, PartialEq, Eq)]
pub enum About {
    /// To take up a seat by this address, for so many days.
    Invitation { url: String, days: i64 },
    /// To set another password by this address, for so many hours.
    Reset { url: String, hours: i64 },
}

impl std::fmt::Debug for About {
    // The links open doors.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Invitation { .. } => "Invitation",
            Self::Reset { .. } => "Reset",
        })
    }
}

impl Letter {
    pub(super) fn subject(&self) -> String {
        let sender = plain(&self.sender);
        match (&self.about, self.language) {
            (About::Invitation { .. }, Language::En) => format!("{sender} invites you to Baton"),
            (About::Invitation { .. }, Language::De) => format!("{sender} lädt Sie zu Baton ein"),
            (About::Reset { .. }, Language::En) => "Set a new password for Baton".to_owned(),
            (About::Reset { .. }, Language::De) => "Neues Passwort für Baton setzen".to_owned(),
        }
    }

    pub(super) fn text(&self) -> String {
        let (name, sender) = (plain(&self.name), plain(&self.sender));
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
        }
    }
}

/// A name as a line of a letter can have it: nobody's name writes headers, or a page of its own.
fn plain(name: &str) -> String {
    let words: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_link_and_no_lines_of_somebodys_name() {
        let url = "https://baton.example/invitation#bal_x".to_owned();
        for language in [Language::En, Language::De] {
            for about in [
                About::Invitation { url: url.clone(), days: 7 },
                About::Reset { url: url.clone(), hours: 24 },
            ] {
                let letter = Letter {
                    language,
                    name: "Noor\r\nBcc: x@y.example".into(),
                    sender: "Northwind\n".into(),
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
