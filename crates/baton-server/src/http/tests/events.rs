//! The stream of events: taken up again, shared between readers, and ended with the server.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use baton_store::changes;
use tower::ServiceExt as _;

use super::bench::*;
use crate::http::fanout::Fanout;

const PATIENCE: Duration = Duration::from_secs(30);

fn stream(bench: &Bench, key: &str, path: &str, enough: usize) -> String {
    stream_by(bench, ("Authorization", &format!("Bearer {key}")), path, enough)
}

/// The first events of a stream, as text, until `enough` of them came; who asks proves it by a header.
pub(super) fn stream_by(
    bench: &Bench,
    (name, proof): (&str, &str),
    path: &str,
    enough: usize,
) -> String {
    let request =
        Request::builder().uri(path).header(name, proof).body(axum::body::Body::empty()).unwrap();
    bench.runtime.block_on(async {
        let response = bench.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut body = response.into_body().into_data_stream();
        let mut text = String::new();
        while text.matches("\nid: ").count() + usize::from(text.starts_with("id: ")) < enough {
            let next = std::future::poll_fn(|context| {
                futures_core::Stream::poll_next(std::pin::Pin::new(&mut body), context)
            });
            let bytes = tokio::time::timeout(PATIENCE, next).await;
            let bytes = bytes.expect("an event in time").expect("more events").unwrap();
            text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
        text
    })
}

#[test]
fn events_are_streamed_and_taken_up_again() {
    let bench = Bench::new();
    let (ours, theirs) = (bench.tenant("ours"), bench.tenant("theirs"));
    bench.send(&ours, &booked("SO-1", Some("FABRIKAM")));
    bench.send(&ours, &booked("SO-2", Some("LITWARE")));
    bench.send(&theirs, &booked("SO-3", Some("FABRIKAM")));
    bench.settle();
    let all = stream(&bench, &ours.admin, "/v1/events?after=0", 3);
    assert!(all.contains("event: packs.activated"), "{all}");
    assert!(all.contains("event: order.created"), "{all}");
    assert!(!all.contains("SO-3"), "{all}");
    let rest = stream(&bench, &ours.admin, "/v1/events?after=2", 1);
    assert!(!rest.contains("id: 1\n") && rest.contains("id: 3"), "{rest}");
    let partner = bench.key(&ours, "partner", Some("fabrikam"));
    let seen = stream(&bench, &partner, "/v1/events?after=0", 1);
    assert!(!seen.contains("SO-2") && !seen.contains("packs.activated"), "{seen}");
    assert_eq!(bench.get(&ours.admin, "/v1/events?from=1").outcome(), "query_wrong");
}

#[test]
fn a_stream_does_not_go_on_where_events_are_gone() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", None));
    bench.settle();
    let scope = bench.engine.tenants()[0].scope.clone();
    let store = bench.engine.store();
    let far = "2099-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(store.write(|tx| changes::forget(tx, &scope, far, 1)).unwrap(), 1);
    let from = |number: &str| {
        let call = bench.call(&tenant.admin, "GET", "/v1/events?after=1");
        call.with("Last-Event-ID", number).send()
    };
    // The header wins over what the address says.
    let gone = from("-1");
    assert_eq!((gone.status, gone.outcome().as_str()), (410, "events_gone"));
    assert_eq!((&gone.json()["first"], &gone.json()["last"]), (&2.into(), &2.into()));
    let beyond = from("99");
    assert_eq!((beyond.status, beyond.outcome().as_str()), (410, "events_gone"));
    let page = bench.call("", "GET", &gone.text("type")).send();
    assert!(String::from_utf8(page.body).unwrap().contains("after=0"));
    for path in ["/v1/events?after=0", "/v1/events?after=1"] {
        let rest = stream(&bench, &tenant.admin, path, 1);
        assert!(rest.contains("id: 2") && !rest.contains("id: 1\n"), "{rest}");
    }
}

#[test]
fn one_look_serves_all_streams_and_ends_with_them() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let of = bench.engine.tenants()[0].clone();
    let fanout = Arc::<Fanout>::default();
    let _within = bench.runtime.enter();
    let join = || fanout.join(&bench.engine, of.scope.clone(), of.id, 1);
    let mut listening = [join(), join(), join()];
    assert_eq!(fanout.tasks(), 1);
    bench.send(&tenant, &booked("SO-1", None));
    let heard = listening.each_mut().map(|latest| {
        let in_time = async { tokio::time::timeout(PATIENCE, latest.changed()).await };
        bench.runtime.block_on(in_time).expect("an event in time").unwrap();
        Arc::clone(&latest.borrow_and_update())
    });
    assert_eq!((heard[0].after, heard[0].upto, heard[0].changes.len()), (1, 2, 1));
    assert!(heard.iter().all(|batch| Arc::ptr_eq(batch, &heard[0])), "read once for all");
    drop(listening);
    let over = async {
        while fanout.tasks() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let in_time = async { tokio::time::timeout(PATIENCE, over).await };
    bench.runtime.block_on(in_time).expect("the task ends when nobody listens");
}

#[test]
fn the_server_stops_though_a_stream_is_open() {
    use std::io::{Read as _, Write as _};
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let bound = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bound.set_nonblocking(true).unwrap();
    let address = bound.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = bench.app.clone();
    let serving = bench.runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(bound).unwrap();
        crate::http::serve(listener, app, async { drop(stopped.await) }).await
    });
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let head = "GET /v1/events?after=0 HTTP/1.1\r\nHost: baton\r\nAuthorization: Bearer";
    write!(stream, "{head} {}\r\n\r\n", tenant.admin).unwrap();
    let mut begun = [0; 15];
    stream.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 200 OK");
    stop.send(()).unwrap();
    let patience = PATIENCE;
    let ended = bench.runtime.block_on(async { tokio::time::timeout(patience, serving).await });
    ended.expect("the server stops").unwrap().unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("packs.activated"), "{rest}");
}
