//! The OpenAPI document and the permission table against the routes that are mounted.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::http::endpoint::Access;
use crate::http::errors::ErrorCode;
use crate::http::table::{TAGS, endpoints};
use crate::http::{error_pages, openapi, permissions};

#[test]
fn every_route_is_described() {
    let description = openapi();
    let mut listed = String::new();
    let mut names = BTreeSet::new();
    for endpoint in endpoints() {
        let method = endpoint.method.name().to_ascii_lowercase();
        let operation = &description["paths"][endpoint.path][&method];
        assert_eq!(operation["operationId"], endpoint.name, "{}", endpoint.path);
        assert!(names.insert(endpoint.name), "{} is there twice", endpoint.name);
        assert!(TAGS.iter().any(|(tag, _)| *tag == endpoint.tag), "{}", endpoint.name);
        assert!(operation["responses"][endpoint.status.as_str()].is_object());
        if let Access::Roles(roles) = endpoint.access {
            assert!(!roles.is_empty(), "{} is for nobody", endpoint.name);
            for status in ["401", "403", "500"] {
                assert!(operation["responses"][status].is_object(), "{} {status}", endpoint.name);
            }
        }
        let parameters: Vec<&str> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|p| p["in"] != "header")
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        listed
            .push_str(&format!("{method:6} {} {} {parameters:?}\n", endpoint.path, endpoint.name));
    }
    insta::assert_snapshot!(listed);
}

/// Every `$ref` of a document.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn the_description_refers_to_nothing_that_is_not_there() {
    let description = openapi();
    let mut found = BTreeSet::new();
    references(&description, &mut found);
    assert!(found.len() > 30, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn permissions_have_a_row_for_each_endpoint() {
    let table = permissions();
    assert_eq!(table.lines().filter(|l| l.starts_with("| `")).count(), endpoints().count());
    insta::assert_snapshot!(table);
}

#[test]
fn every_code_that_an_endpoint_names_has_a_page() {
    let pages = error_pages();
    for endpoint in endpoints() {
        for code in endpoint.errors {
            assert!(pages.contains_key(code.name()), "{code:?}");
        }
    }
    assert_eq!(pages.len(), ErrorCode::ALL.len());
    insta::assert_snapshot!(pages["key_wrong"]);
}

#[test]
fn what_is_asked_and_answered_under_one_name_is_the_same() {
    assert_eq!(crate::http::openapi::differing(), Vec::<String>::new());
}
