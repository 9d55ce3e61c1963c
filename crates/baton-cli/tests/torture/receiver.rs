//! A webhook receiver on loopback that takes everything and counts it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::sync::{Arc, Mutex};

/// Takes deliveries until it is dropped with its process; its threads wait for nothing else.
pub(crate) struct Receiver {
    address: SocketAddr,
    /// How often each command came, by its id.
    taken: Arc<Mutex<BTreeMap<String, u32>>>,
    /// Told of each delivery.
    pub(crate) arrivals: Channel<()>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (told, arrivals) = channel();
        let taken = Arc::default();
        let counted = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counted, told) = (Arc::clone(&counted), told.clone());
                // A sender that dies in the middle has not delivered.
                std::thread::spawn(move || take(&stream, &counted, &told));
            }
        });
        Self { address, taken, arrivals }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    pub(crate) fn taken(&self) -> BTreeMap<String, u32> {
        self.taken.lock().unwrap().clone()
    }
}

fn take(
    mut stream: &TcpStream,
    counted: &Mutex<BTreeMap<String, u32>>,
    told: &Sender<()>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => id = value.to_owned(),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    reader.by_ref().take(length).read_to_end(&mut Vec::new())?;
    *counted.lock().unwrap().entry(id).or_default() += 1;
    // Whoever counted them may be gone.
    let _ = told.send(());
    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
}
