//! Two tenants in a system that is thrown away, and short words for calls.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use baton_store::{Location, Store};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::Sharing;
use crate::engine::{Engine, EngineHandle};
use crate::http::{LocalPrincipal, app, local_principal};
use crate::settings::Settings;

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Bench {
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) engine: EngineHandle,
    pub(super) app: Router,
    _folder: Option<tempfile::TempDir>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&self.body)))
    }
    pub(super) fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("{field} in {}", self.json())).into()
    }
    /// The code of a refusal, or `ok`.
    pub(super) fn outcome(&self) -> String {
        if self.status < 400 { "ok".into() } else { self.text("code") }
    }
    pub(super) fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().unwrap_or_else(|| panic!("{}", self.json())).clone()
    }
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A call being made.
pub(super) struct Calling<'a> {
    bench: &'a Bench,
    request: axum::http::request::Builder,
    local: Option<LocalPrincipal>,
    /// Where the connection comes from; calls without one are made within this process.
    from: Option<SocketAddr>,
}

impl Calling<'_> {
    pub(super) fn from(mut self, address: &str) -> Self {
        self.from = Some(SocketAddr::new(address.parse().unwrap(), 40_000));
        self
    }
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }
    pub(super) fn send(self) -> Reply {
        self.raw(Vec::new())
    }
    pub(super) fn json(self, body: &Value) -> Reply {
        self.raw(body.to_string().into_bytes())
    }
    pub(super) fn raw(self, body: impl Into<Vec<u8>>) -> Reply {
        let mut request: Request<Body> = self.request.body(Body::from(body.into())).unwrap();
        if let Some(local) = self.local {
            request.extensions_mut().insert(local);
        }
        if let Some(from) = self.from {
            request.extensions_mut().insert(ConnectInfo(from));
        }
        self.bench.runtime.block_on(answered(self.bench.app.clone(), request))
    }
}

pub(super) async fn answered(app: Router, request: Request<Body>) -> Reply {
    let response = app.oneshot(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
    Reply { status, headers, body }
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with(Settings::default())
    }
    pub(super) fn with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let bench = Self::at(&location, settings, Sharing::Alone);
        Self { _folder: Some(folder), ..bench }
    }
    /// At a place that the caller takes care of, perhaps as one of several.
    pub(super) fn at(location: &Location, settings: Settings, sharing: Sharing) -> Self {
        let store = Store::open(location, &baton_store::Settings::default()).unwrap();
        store.migrate().unwrap();
        let engine = Engine::start(Arc::new(store), settings, sharing).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { runtime, app: app(engine.clone()), engine, _folder: None }
    }
    /// A call as the person at this machine.
    pub(super) fn local(&self, tenant: &str, method: &str, path: &str) -> Calling<'_> {
        let request = Request::builder().method(method).uri(path);
        let local = Some(local_principal("ada"));
        let calling = Calling { bench: self, request, local, from: None };
        if tenant.is_empty() { calling } else { calling.with("Baton-Tenant", tenant) }
    }
    /// A call over the wire with a key.
    pub(super) fn call(&self, key: &str, method: &str, path: &str) -> Calling<'_> {
        let request = Request::builder().method(method).uri(path);
        let calling = Calling { bench: self, request, local: None, from: None };
        if key.is_empty() {
            calling
        } else {
            calling.with("Authorization", &format!("Bearer {key}"))
        }
    }
    pub(super) fn get(&self, key: &str, path: &str) -> Reply {
        self.call(key, "GET", path).send()
    }
    /// Makes a tenant that stands at an instant, with partners and an ERP's feed. Returns what is
    /// needed to call it.
    pub(super) fn tenant(&self, name: &str) -> Tenant {
        let clock =
            json!({ "kind": "simulated", "at": "2026-03-05T00:00:00Z", "speed_per_mille": 0 });
        let made =
            self.local("", "POST", "/v1/tenants").json(&json!({ "tenant": name, "clock": clock }));
        assert_eq!(made.status, 201, "{}", made.json());
        let admin = made.text("key");
        for (partner, role) in [("fabrikam", "oem"), ("litware", "distributor")] {
            let body = json!({ "partner": partner, "name": partner, "role": role });
            let put = self.call(&admin, "POST", "/v1/partners").json(&body);
            assert_eq!(put.status, 200, "{}", put.json());
        }
        let (erp, shop) = ("northwind-erp", "fabrikam-feed");
        let source = self.source(
            &admin,
            &json!({
                "source": erp, "role": "seller", "connector": "starter-erp",
                "settings": { "issuers": { "shop": "northwind-shop" } },
            }),
        );
        let feed = self.source(&admin, &json!({
            "source": shop, "role": "oem", "partner": "fabrikam", "connector": "carrier-tracking",
        }));
        Tenant { name: name.into(), admin, source, feed }
    }
    /// Has ACME send that its purchase orders of these numbers were confirmed; returns the messages' ids.
    pub(super) fn acme(&self, tenant: &Tenant, numbers: &[&str]) -> Vec<String> {
        let body = json!({ "source": "acme-wms", "role": "warehouse", "connector": "acme" });
        let key = self.source(&tenant.admin, &body);
        let send = |number: &&str| {
            let at = "2026-03-03T10:00:00Z";
            let message = json!({ "id": number, "po": format!("PO-{number}"), "at": at });
            self.call(&key, "POST", "/v1/sources/acme-wms/messages").json(&message).text("id")
        };
        numbers.iter().map(send).collect()
    }
    fn source(&self, admin: &str, body: &Value) -> String {
        let made = self.call(admin, "POST", "/v1/sources").json(body);
        assert_eq!(made.status, 201, "{}", made.json());
        made.text("key")
    }
    /// A key of a role in a tenant.
    pub(super) fn key(&self, tenant: &Tenant, role: &str, partner: Option<&str>) -> String {
        let body = json!({ "label": format!("the {role}"), "role": role, "partner": partner });
        let made = self.local(&tenant.name, "POST", "/v1/keys").json(&body);
        assert_eq!(made.status, 201, "{}", made.json());
        made.text("key")
    }
    pub(super) fn send(&self, tenant: &Tenant, message: &Value) -> Reply {
        let path = "/v1/sources/northwind-erp/messages";
        let sent = self.call(&tenant.source, "POST", path).with("Content-Type", "application/json");
        sent.json(message)
    }
    pub(super) fn settle(&self) {
        self.engine.settle(PATIENCE).unwrap();
    }
    /// The id of the order with this number.
    pub(super) fn order(&self, tenant: &Tenant, number: &str) -> String {
        let found = self.get(&tenant.admin, &format!("/v1/orders?identifier={number}")).items();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]["id"].as_str().unwrap().to_owned()
    }
}

pub(super) struct Tenant {
    pub(super) name: String,
    pub(super) admin: String,
    /// The key of `northwind-erp`.
    pub(super) source: String,
    /// The key of `fabrikam-feed`.
    pub(super) feed: String,
}

/// An ERP's word about a sales order.
pub(super) fn booked(number: &str, supplier: Option<&str>) -> Value {
    json!({
        "message_id": format!("m-{number}"),
        "type": "order-booked",
        "version": 1,
        "occurred_at": "2026-03-01T20:44:42-05:00",
        "company": "NORTHWIND",
        "sales_order": number,
        "shop_order": { "id": format!("56{number}"), "name": format!("#{number}") },
        "customer": { "name": "Fourth Coffee", "reference": "FC-1" },
        "purchase_order": supplier.map(|_| format!("PO-{number}")),
        "supplier": supplier.map(|code| json!({ "code": code })),
        "currency": "USD",
        "total": "42008.00",
        "status": "open",
        "reason": null,
        "ship_to": { "city": "Omaha", "region": "NE", "postcode": "68102", "country": "US" },
        "lines": [{
            "line": 10, "sku": "CAB-C6A", "description": "Patch cable set", "quantity": 8,
            "quantity_confirmed": null, "unit": "EA", "unit_price": "49.00",
            "promised_delivery_on": "2026-03-20",
        }],
    })
}

/// A connector that is not shipped.
pub(super) const ACME: &str = r#"
name: acme
title: Stock notes of ACME
format: json
own_id: /id
versioned: true
issuers: {po: acme}
map: |
  {about: {order: ["po", .po]}, at: .at} as $said
  | $said + {pointer: "/po", milestone: "O30"}
"#;
const MANIFEST: &str = "name: acme\nversion: 1.0.0\ntitle: ACME\nrequires: [starter]\n";

/// A request that activates it.
pub(super) fn pack(connector: &str) -> Value {
    json!({ "packs": [{ "files": { "pack.yaml": MANIFEST, "connectors/acme.yaml": connector } }] })
}
