//! A plain keep-alive connection for sending many messages to a server near by: as little work a
//! message as there can be, so that what is measured is the server.
//!
//! It speaks as much HTTP/1.1 as Baton's own server answers with: a status line, headers, a body of
//! stated length. Anything else is an error, and the connection is not used again.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// The longest line of an answer's head, and the most lines.
const LINE_BYTES_MAX: u64 = 8 << 10;
const LINES_MAX: usize = 100;
/// How long an answer may take.
const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);

/// A message to be posted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Post<'a> {
    pub(crate) path: &'a str,
    pub(crate) key: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// When to try again, where the server says so.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

/// A connection that is kept open between messages.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    out: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_WAIT_MAX))?;
        let stream = BufReader::new(stream);
        Ok(Self { stream, host: address.to_string(), out: Vec::new() })
    }

    /// Posts a message and waits for the answer. After an error the message may have arrived or not.
    pub(crate) fn post(&mut self, post: &Post<'_>) -> Result<Answer> {
        self.out.clear();
        let Post { path, key, content_type, headers, body } = *post;
        let length = body.len();
        write!(
            self.out,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: {content_type}\r\nContent-Length: {length}\r\n",
            self.host
        )?;
        for (name, value) in headers {
            write!(self.out, "{name}: {value}\r\n")?;
        }
        self.out.extend_from_slice(b"\r\n");
        self.out.extend_from_slice(body);
        self.stream.get_mut().write_all(&self.out)?;
        self.answer()
    }

    /// Asks for something and waits for the answer.
    pub(crate) fn get(&mut self, path: &str, key: &str) -> Result<Answer> {
        self.out.clear();
        let host = &self.host;
        write!(
            self.out,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\r\n"
        )?;
        self.stream.get_mut().write_all(&self.out)?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| not_http(&status_line))?;
        let mut length = 0;
        let mut retry_after = None;
        for _ in 0..LINES_MAX {
            let line = self.line()?;
            if line.is_empty() {
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body)?;
                return Ok(Answer { status, retry_after, body });
            }
            let (name, value) = line.split_once(':').ok_or_else(|| not_http(&line))?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().map_err(|_| not_http(&line))?;
                if length > ANSWER_BYTES_MAX {
                    return Err(not_http(&line));
                }
            } else if name.eq_ignore_ascii_case("retry-after") {
                retry_after = value.parse().ok().map(Duration::from_secs);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                return Err(not_http(&line));
            }
        }
        Err(not_http("more header lines than there should be"))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        let read = (&mut self.stream).take(LINE_BYTES_MAX).read_line(&mut line)?;
        if read == 0 {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        Ok(line.trim_end().to_owned())
    }
}

fn not_http(line: &str) -> Error {
    let text = format!("the answer is not what Baton's server would say: `{line}`");
    Error::new(ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with these bytes, whatever it was.
    fn answered(with: &'static str) -> Result<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while head.read_line(&mut line).unwrap() > 2 {
                line.clear();
            }
            stream.write_all(with.as_bytes()).unwrap();
        });
        let post = Post {
            path: "/v1/sources/x/messages",
            key: "k",
            content_type: "application/json",
            headers: &[("X-Topic".to_owned(), "a".to_owned())],
            body: b"",
        };
        let answer = Connection::open(address).unwrap().post(&post);
        server.join().unwrap();
        answer
    }

    #[test]
    fn answers_are_read_to_their_stated_end() {
        let answer = answered("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (202, b"{}".as_slice()));
        let busy = "HTTP/1.1 503 Busy\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n";
        let answer = answered(busy).unwrap();
        assert_eq!((answer.status, answer.retry_after), (503, Some(Duration::from_secs(5))));
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for text in [
            "",
            "HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
        ] {
            assert!(answered(text).is_err(), "{text:?}");
        }
    }
}
