//! The cast, all of it fictional: who takes part, through which feeds they speak, what is sold and
//! where it goes.

use baton_core::partner::Role;
use baton_core::time::Duration;

/// A feed of the sample world, as Baton is to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    pub key: &'static str,
    /// The partner's key and display name.
    pub partner: &'static str,
    pub partner_name: &'static str,
    pub role: Role,
    /// The connector of the shipped packs that reads it.
    pub connector: &'static str,
    /// A feed that has not been heard for this long is silent.
    pub silent_after: Duration,
}

const fn source(
    key: &'static str,
    (partner, partner_name): (&'static str, &'static str),
    role: Role,
    connector: &'static str,
    silent_after_hours: i64,
) -> Source {
    let silent_after = Duration::hours(silent_after_hours);
    Source { key, partner, partner_name, role, connector, silent_after }
}

const NORTHWIND: (&str, &str) = ("northwind", "Northwind");
const CONTOSO: (&str, &str) = ("contoso", "Contoso ERP");
const FABRIKAM: (&str, &str) = ("fabrikam", "Fabrikam");
const LITWARE: (&str, &str) = ("litware", "Litware");
const ADATUM: (&str, &str) = ("adatum", "Adatum Freight");
const TAILSPIN: (&str, &str) = ("tailspin", "Tailspin Parcel");
const WINGTIP: (&str, &str) = ("wingtip", "Wingtip Service");
const FINANCE: (&str, &str) = ("contoso-finance", "Contoso Finance");

pub const SHOP: &str = "northwind-shop";
pub const ERP: &str = "contoso-erp";
pub const ERP_EDI: &str = "contoso-edi";
pub const OEM_EDI: &str = "fabrikam-edi";
pub const DISTRIBUTOR_EDI: &str = "litware-edi";
pub const FREIGHT_EDI: &str = "adatum-edi";
pub const FREIGHT_POD: &str = "adatum-documents";
pub const PARCEL: &str = "tailspin-tracking";
pub const INSTALLER: &str = "wingtip-jobs";
pub const FINANCE_EDI: &str = "contoso-billing-edi";
pub const FINANCE_JSON: &str = "contoso-finance";

/// Every feed of the world. A weekend without a word is normal for offices, not for carriers.
pub const SOURCES: &[Source] = &[
    source(SHOP, NORTHWIND, Role::Commerce, "shopify", 24),
    source(ERP, CONTOSO, Role::Seller, "starter-erp", 80),
    source(ERP_EDI, CONTOSO, Role::Seller, "x12-retail", 96),
    source(OEM_EDI, FABRIKAM, Role::Oem, "x12-retail", 96),
    source(DISTRIBUTOR_EDI, LITWARE, Role::Distributor, "x12-retail", 96),
    source(FREIGHT_EDI, ADATUM, Role::Carrier, "x12-retail", 72),
    source(FREIGHT_POD, ADATUM, Role::Carrier, "carrier-tracking", 96),
    source(PARCEL, TAILSPIN, Role::Carrier, "carrier-tracking", 24),
    source(INSTALLER, WINGTIP, Role::Service, "starter-service", 96),
    source(FINANCE_EDI, FINANCE, Role::Finance, "x12-retail", 96),
    source(FINANCE_JSON, FINANCE, Role::Finance, "starter-finance", 96),
];

/// A place that goods go to or from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) city: &'static str,
    pub(crate) region: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) zone: &'static str,
}

const fn place(
    city: &'static str,
    region: &'static str,
    postcode: &'static str,
    zone: &'static str,
) -> Place {
    Place { city, region, postcode, zone }
}

/// Where customers are.
pub(crate) const PLACES: &[Place] = &[
    place("Boston", "MA", "02108", "America/New_York"),
    place("Atlanta", "GA", "30303", "America/New_York"),
    place("Columbus", "OH", "43215", "America/New_York"),
    place("Nashville", "TN", "37203", "America/Chicago"),
    place("Austin", "TX", "78701", "America/Chicago"),
    place("Omaha", "NE", "68102", "America/Chicago"),
    place("Denver", "CO", "80202", "America/Denver"),
    place("Phoenix", "AZ", "85004", "America/Phoenix"),
    place("Portland", "OR", "97204", "America/Los_Angeles"),
    place("San Diego", "CA", "92101", "America/Los_Angeles"),
];
pub(crate) const OEM_PLANT: Place = place("Peoria", "IL", "61602", "America/Chicago");
pub(crate) const DISTRIBUTOR_HOUSE: Place = place("Memphis", "TN", "38103", "America/Chicago");
/// Terminals on the way.
pub(crate) const HUBS: &[Place] = &[
    place("Louisville", "KY", "40202", "America/New_York"),
    place("Kansas City", "MO", "64106", "America/Chicago"),
    place("Salt Lake City", "UT", "84101", "America/Denver"),
    place("Dallas", "TX", "75201", "America/Chicago"),
];

/// A thing that is sold. Prices in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Product {
    pub(crate) sku: &'static str,
    pub(crate) title: &'static str,
    pub(crate) price_cents: u32,
    pub(crate) grams: u32,
}

const fn product(sku: &'static str, title: &'static str, price_cents: u32, grams: u32) -> Product {
    Product { sku, title, price_cents, grams }
}

pub(crate) const PRODUCTS: &[Product] = &[
    product("RTR-200", "Branch router 200", 49_900, 2_400),
    product("RTR-800", "Core router 800, configured", 389_000, 14_500),
    product("SWT-24P", "Switch 24 port PoE", 72_500, 4_100),
    product("SWT-48P", "Switch 48 port PoE", 118_900, 6_300),
    product("WAP-6E", "Access point 6E", 28_900, 900),
    product("FWL-40", "Firewall 40", 95_000, 3_300),
    product("SRV-1U", "Rack server 1U, configured", 512_000, 19_000),
    product("UPS-15", "Uninterruptible supply 1500 VA", 44_500, 21_000),
    product("CAB-C6A", "Patch cable set C6A", 4_900, 1_200),
    product("RCK-42", "Rack 42 HU", 139_000, 98_000),
];

/// A customer: fictional businesses only, at addresses that do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Customer {
    pub(crate) company: &'static str,
    pub(crate) contact: (&'static str, &'static str),
    pub(crate) mail: &'static str,
}

const fn customer(
    company: &'static str,
    contact: (&'static str, &'static str),
    mail: &'static str,
) -> Customer {
    Customer { company, contact, mail }
}

/// What the world's customers are called.
pub fn companies() -> impl Iterator<Item = &'static str> {
    CUSTOMERS.iter().map(|customer| customer.company)
}

pub(crate) const CUSTOMERS: &[Customer] = &[
    customer("Alpine Ski House", ("Ada", "Sample"), "purchasing@alpineskihouse.example"),
    customer("Blue Yonder Airlines", ("Ben", "Specimen"), "it@blueyonder.example"),
    customer("City Power & Light", ("Cleo", "Muster"), "orders@citypower.example"),
    customer("Coho Winery", ("Dario", "Placeholder"), "office@cohowinery.example"),
    customer("Fourth Coffee", ("Esme", "Example"), "stores@fourthcoffee.example"),
    customer("Humongous Insurance", ("Farid", "Sample"), "branch@humongous.example"),
    customer("Lucerne Publishing", ("Greta", "Specimen"), "it@lucerne.example"),
    customer("Margie's Travel", ("Hugo", "Muster"), "office@margies.example"),
    customer("Proseware", ("Ines", "Example"), "procurement@proseware.example"),
    customer("School of Fine Art", ("Jonas", "Sample"), "campus@fineart.example"),
    customer("Southridge Video", ("Kira", "Specimen"), "it@southridge.example"),
    customer("Woodgrove Bank", ("Liam", "Muster"), "branches@woodgrove.example"),
];
