//! What a partner does in its portal: it answers hand-offs, sees as much as it is let, sends its files and
//! learns how its feed does. And what everybody has: a first page that knows where they looked, and views.

use serde_json::{Value, json};

use super::bench::*;

fn handoff(bench: &Bench, key: &str, order: &str, name: &str) -> Value {
    let order = bench.get(key, &format!("/v1/orders/{order}")).json();
    let all = order["handoffs"].as_array().unwrap();
    all.iter().find(|handoff| handoff["name"] == name).unwrap().clone()
}

/// Two orders that the ERP passed on: one to Fabrikam, one to Litware.
fn passed_on(bench: &Bench) -> (Tenant, String) {
    let tenant = bench.tenant("northwind");
    bench.send(&tenant, &booked("SO-1", Some("FABRIKAM")));
    bench.send(&tenant, &booked("SO-2", Some("LITWARE")));
    bench.settle();
    let mut raised = booked("SO-1", Some("FABRIKAM"));
    raised["message_id"] = json!("raised");
    raised["type"] = json!("po-raised");
    raised["version"] = json!(2);
    raised["occurred_at"] = json!("2026-03-02T09:00:00Z");
    assert_eq!(bench.send(&tenant, &raised).status, 202);
    bench.settle();
    let order = bench.order(&tenant, "SO-1");
    (tenant, order)
}

#[test]
fn a_partner_answers_its_hand_offs_and_the_tenant_settles() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let other = bench.key(&tenant, "partner", Some("litware"));
    let manager = bench.key(&tenant, "partner_manager", None);
    let path = format!("/v1/orders/{order}/handoffs");
    let say = |key: &str, body: Value| {
        let said = bench.call(key, "POST", &path).json(&body);
        bench.settle();
        (said.status, said.outcome())
    };
    let listed = |key: &str, query: &str| -> Vec<Value> {
        let items = bench.get(key, &format!("/v1/handoffs?{query}")).items();
        items.into_iter().map(|item| item["handoff"]["name"].clone()).collect()
    };
    assert_eq!(listed(&partner, ""), [json!("H2")], "it waits for the taker");
    assert_eq!(bench.get(&partner, "/v1/handoffs").items()[0]["awaits"], "fabrikam");

    let dispute = json!({
        "handoff": "H2", "answer": "dispute", "ground": "custody",
        "instead": "no such purchase order came", "reason": "looked in our ERP",
    });
    assert_eq!(say(&other, dispute.clone()), (404, "not_found".into()));
    assert_eq!(say(&manager, dispute.clone()), (422, "fact_wrong".into()));
    let settle = json!({ "handoff": "H2", "answer": "settle", "reason": "sent again" });
    assert_eq!(say(&manager, settle.clone()), (422, "fact_wrong".into()), "nothing is disputed");
    assert_eq!(say(&partner, dispute), (202, "ok".into()));
    let found = handoff(&bench, &partner, &order, "H2");
    assert_eq!(found["stage"]["stage"], "disputed");
    let word = &found["words"][0];
    assert_eq!(
        (&word["partner"], &word["source"]),
        (&json!("fabrikam"), &json!("person:fabrikam:the-partner"))
    );
    for key in [&partner, &manager] {
        assert_eq!(listed(key, "state=disputed"), [json!("H2")]);
        let open = bench.get(key, "/v1/exceptions?state=open&code=E-TRN-28").items();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0]["wording"]["values"]["ground"], "custody");
        let claim = bench.get(key, &format!("/v1/orders/{order}/explain?claim=handoff:H2")).json();
        let said = claim["facts"].to_string();
        assert!(said.contains("no such purchase order came"), "it is evidence: {said}");
    }
    assert_eq!(listed(&other, "state=disputed"), [Value::Null; 0]);

    assert_eq!(say(&partner, settle.clone()), (422, "fact_wrong".into()));
    assert_eq!(say(&manager, settle), (202, "ok".into()));
    assert_eq!(handoff(&bench, &partner, &order, "H2")["stage"]["stage"], "settled");
    let cleared = bench.get(&manager, "/v1/exceptions?code=E-TRN-28").items();
    assert_eq!(cleared[0]["state"], "cleared");
    let accept = json!({ "handoff": "H2", "answer": "accept", "reason": "it came by mail" });
    assert_eq!(say(&partner, accept), (202, "ok".into()));
    assert_eq!(handoff(&bench, &partner, &order, "H2")["stage"]["stage"], "reconciled");
    // Each of them is in the record, by whom and of what; what was refused for other reasons is not.
    let told = bench.get(&tenant.admin, "/v1/audit?operation=answer_handoff").items();
    let words: Vec<_> = told.iter().map(|line| line["detail"]["fact"].clone()).collect();
    assert_eq!(words, [json!("accept"), json!("settle"), json!("dispute")]);
    assert!(told.iter().all(|line| line["subject"] == order.as_str()), "{told:?}");
    let nonsense = json!({ "handoff": "H99", "answer": "accept", "reason": "x" });
    assert_eq!(say(&partner, nonsense), (422, "fact_wrong".into()));
}

#[test]
fn what_partners_say_among_themselves_is_not_for_others() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let said = json!({
        "handoff": "H2", "answer": "dispute", "ground": "other",
        "instead": "a word of ours", "reason": "between us",
    });
    bench.call(&partner, "POST", &format!("/v1/orders/{order}/handoffs")).json(&said);
    // Litware comes to play a part in the same order, and none in that hand-off.
    let parcel = json!({
        "source": "litware-feed", "role": "carrier", "partner": "litware", "connector": "acme",
    });
    let packed = bench.call(&tenant.admin, "POST", "/v1/packs").json(&pack(ACME));
    assert_eq!(packed.status, 201, "{}", packed.json());
    let key = bench.call(&tenant.admin, "POST", "/v1/sources").json(&parcel).text("key");
    let scan = json!({ "id": "1", "po": "PO-SO-1", "at": "2026-03-03T10:00:00Z" });
    bench.call(&key, "POST", "/v1/sources/litware-feed/messages").json(&scan);
    bench.settle();
    let other = bench.key(&tenant, "partner", Some("litware"));
    for path in [
        format!("/v1/orders/{order}"),
        format!("/v1/orders/{order}/timeline?limit=500"),
        format!("/v1/orders/{order}/explain?claim=handoff:H2"),
        "/v1/handoffs?state=disputed".to_owned(),
        "/v1/exceptions".to_owned(),
        "/v1/messages".to_owned(),
    ] {
        let whole = String::from_utf8_lossy(&bench.get(&tenant.admin, &path).body).into_owned();
        let shown = bench.get(&other, &path);
        let text = String::from_utf8_lossy(&shown.body);
        assert!(!text.contains("a word of ours") && !text.contains("between us"), "{path} {text}");
        assert!(path != format!("/v1/orders/{order}") || whole.contains("between us"));
    }
}

#[test]
fn a_partner_sees_of_prices_and_names_what_an_administrator_lets_it() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let manager = bench.key(&tenant, "partner_manager", None);
    let put = |key: &str, change: Value| {
        let mut body = json!({ "partner": "fabrikam", "name": "fabrikam", "role": "oem" });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        bench.call(key, "POST", "/v1/partners").json(&body).outcome()
    };
    assert_eq!(put(&manager, json!({ "sees_prices": true })), "role_too_small");
    let sees = |prices: bool, names: bool| {
        for path in [
            "/v1/orders".to_owned(),
            format!("/v1/orders/{order}"),
            format!("/v1/orders/{order}/timeline?limit=500"),
        ] {
            let shown = bench.get(&partner, &path);
            let text = String::from_utf8_lossy(&shown.body);
            assert_eq!(text.contains("42008"), prices, "{path}: {text}");
            assert_eq!(text.contains("Fourth Coffee"), names, "{path}: {text}");
        }
        let total = bench.get(&partner, &format!("/v1/orders/{order}/explain?claim=field:total"));
        assert_eq!(total.status, if prices { 200 } else { 404 });
        assert_eq!(bench.get(&partner, "/v1/orders?q=fourth").items().len(), usize::from(names));
    };
    sees(false, false);
    for (prices, names) in [(true, false), (false, true), (true, true), (false, false)] {
        assert_eq!(put(&tenant.admin, json!({ "sees_prices": prices, "sees_names": names })), "ok");
        sees(prices, names);
        // What is left out stays as it was, and that anybody who sees to partners may say.
        assert_eq!(put(&manager, json!({})), "ok");
        sees(prices, names);
    }
}

#[test]
fn a_partner_sends_to_its_own_feeds_and_is_told_how_they_do() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let send = |source: &str, how: &str| {
        let call = bench.call(&partner, "POST", &format!("/v1/sources/{source}/{how}"));
        call.with("Content-Type", "application/json").raw("{}").status
    };
    assert_eq!(send("northwind-erp", "messages"), 404);
    assert_eq!(send("northwind-erp", "preview"), 404);
    assert_eq!(send("fabrikam-feed", "preview"), 200);
    assert_eq!(send("fabrikam-feed", "messages"), 202);
    assert_eq!(send("fabrikam-feed", "messages"), 202);
    let note = json!({ "handoff": "H2", "answer": "accept", "reason": "ours" });
    bench.call(&partner, "POST", &format!("/v1/orders/{order}/handoffs")).json(&note);
    bench.settle();
    // Nobody speaks as a person by sending to what people speak through.
    let own = "person:fabrikam:the-partner";
    assert_eq!(send(own, "messages"), 404);
    let health = bench.get(&partner, "/v1/sources/fabrikam-feed/health").json();
    assert!(health["messages"].as_u64().unwrap() >= 1, "{health}");
    assert!(health["unreadable"].as_u64().unwrap() >= 1, "{health}");
    assert_eq!(bench.get(&partner, "/v1/sources/northwind-erp/health").status, 404);
}

#[test]
fn the_first_page_tells_what_changed_since_one_looked() {
    let bench = Bench::new();
    let (tenant, _) = passed_on(&bench);
    let clerk = bench.key(&tenant, "operations", None);
    let news = |key: &str| bench.get(key, "/v1/home").json()["news"].clone();
    let first = news(&clerk);
    assert_eq!((&first["since"], &first["orders_new"]), (&Value::Null, &json!(2)));
    let look = |key: &str, change: &Value| {
        bench.call(key, "POST", "/v1/home/look").json(&json!({ "change": change })).status
    };
    assert_eq!(look(&clerk, &first["latest"]), 204);
    let second = news(&clerk);
    assert!(second["since"].is_string());
    assert_eq!((&second["orders_new"], &second["items"]), (&json!(0), &json!([])));
    bench.send(&tenant, &booked("SO-3", Some("LITWARE")));
    bench.settle();
    assert_eq!(news(&clerk)["items"][0]["number"], "SO-3");
    assert_eq!(news(&clerk)["orders_new"], 1);
    // Each has a look of their own, and a partner hears of its own orders.
    assert_eq!(news(&tenant.admin)["orders_new"], 3);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    assert_eq!(news(&partner)["orders_new"], 1);
    // What is yet to come was not looked at.
    assert_eq!(look(&clerk, &json!(i64::MAX)), 204);
    bench.send(&tenant, &booked("SO-4", None));
    bench.settle();
    assert_eq!(news(&clerk)["orders_new"], 1);
    let day = "/v1/home?from=2026-03-20T00:00:00Z&until=2026-03-21T06:00:00Z";
    assert_eq!(bench.get(&clerk, day).json()["today"]["promised"], 4);
}

#[test]
fn somebody_looks_after_an_exception() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    let dispute = json!({
        "handoff": "H2", "answer": "dispute", "instead": "nothing came", "reason": "looked",
    });
    bench.call(&partner, "POST", &format!("/v1/orders/{order}/handoffs")).json(&dispute);
    bench.settle();
    let open = bench.get(&tenant.admin, "/v1/exceptions?state=open").items();
    let exception = open.iter().find(|e| e["orders_count"] == 1).expect("one about an order");
    let order = exception["orders"][0]["id"].as_str().unwrap();
    let take = json!({ "kind": "take", "exception": exception["id"] });
    let clerk = bench.key(&tenant, "operations", None);
    let said = bench.call(&clerk, "POST", &format!("/v1/orders/{order}/facts")).json(&take);
    assert_eq!(said.status, 202, "{}", said.json());
    bench.settle();
    let id = exception["id"].as_str().unwrap();
    let shown = bench.get(&tenant.admin, &format!("/v1/exceptions/{id}")).json();
    assert_eq!(shown["taken_by"], "person:the-operations");
    assert_eq!(shown["state"], "open");
}

#[test]
fn views_are_kept_for_oneself_or_for_all() {
    let bench = Bench::new();
    let tenant = bench.tenant("northwind");
    let (clerk, manager) =
        (bench.key(&tenant, "operations", None), bench.key(&tenant, "partner_manager", None));
    let keep = |key: &str, name: &str, shared: bool| {
        let search = "{\"late\":true}";
        let body = json!({ "page": "orders", "name": name, "search": search, "shared": shared });
        bench.call(key, "POST", "/v1/views").json(&body)
    };
    let own = keep(&clerk, "late", false).text("id");
    let shared = keep(&clerk, "all late", true).text("id");
    let names = |key: &str| -> Vec<Value> {
        bench.get(key, "/v1/views").items().into_iter().map(|view| view["name"].clone()).collect()
    };
    assert_eq!(names(&clerk), [json!("all late"), json!("late")]);
    assert_eq!(names(&manager), [json!("all late")]);
    let delete = |key: &str, id: &str| bench.call(key, "DELETE", &format!("/v1/views/{id}")).send();
    assert_eq!(delete(&manager, &shared).status, 404, "another's");
    assert_eq!(delete(&tenant.admin, &own).status, 404, "one's own is nobody else's");
    assert_eq!(delete(&tenant.admin, &shared).status, 200);
    assert_eq!(delete(&clerk, &own).status, 200);
    assert_eq!(keep(&clerk, " ", false).outcome(), "value_wrong");
    let partner = bench.key(&tenant, "partner", Some("fabrikam"));
    assert_eq!(keep(&partner, "ours", true).outcome(), "value_wrong");
    assert_eq!(keep(&partner, "ours", false).status, 201);
    assert_eq!(names(&partner), [json!("ours")]);
}

#[test]
fn a_partner_is_told_what_those_are_called_that_are_beside_it() {
    let bench = Bench::new();
    let (tenant, order) = passed_on(&bench);
    let other = bench.order(&tenant, "SO-2");
    for (partner, name) in [("fabrikam", "Fabrikam Works"), ("litware", "Litware Trade")] {
        let body = json!({ "partner": partner, "name": name, "role": "oem" });
        assert_eq!(bench.call(&tenant.admin, "POST", "/v1/partners").json(&body).status, 200);
    }
    let key = bench.key(&tenant, "partner", Some("fabrikam"));
    let check = |key: &str, query: &str, expected: &[&str]| {
        let items = bench.get(key, &format!("/v1/partner-names{query}")).items();
        let found: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    };
    check(&tenant.admin, "", &["Fabrikam Works", "Litware Trade"]);
    check(&tenant.admin, &format!("?order={other}"), &["Litware Trade"]);
    check(&key, "", &["Fabrikam Works"]);
    check(&key, &format!("?order={order}"), &["Fabrikam Works"]);
    let hidden = bench.get(&key, &format!("/v1/partner-names?order={other}"));
    assert_eq!(hidden.outcome(), "not_found", "no order of its own");
}
