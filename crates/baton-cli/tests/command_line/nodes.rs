//! What is said of the Redis between nodes when a server is started.

use crate::binary::*;

#[test]
fn an_address_that_is_wrong_is_told_without_its_password() {
    let database = ["--database", "postgres://baton@127.0.0.1:9/baton"];
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let check = |place: &[&str], redis: &str, words: &[&str]| {
        for by_variable in [false, true] {
            let mut command = baton();
            command.args(["serve", "--port", "0"]).args(place);
            if by_variable {
                command.env("BATON_REDIS", redis);
            } else {
                command.args(["--redis", redis]);
            }
            let output = command.output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{redis}: {told}");
            let from = if by_variable { "BATON_REDIS" } else { "--redis" };
            for words in [from].iter().chain(words) {
                assert!(told.contains(words), "{words} in {told}");
            }
            assert!(!told.contains("s3cret"), "{told}");
        }
    };
    check(&database, "http://ada:s3cret@cache", &["no address of a Redis", "redis://HOST:PORT"]);
    check(&database, "redis://ada:s3cret@cache/seven", &["no address of a Redis"]);
    let folder = ["--data", data.to_str().unwrap()];
    check(&folder, "redis://ada:s3cret@cache", &["nodes that share a database"]);
}
