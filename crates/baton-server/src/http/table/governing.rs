//! The record of acts, the tenant's brand, and what customers may see of their orders.

use axum::http::StatusCode;

use super::{ADMIN, AUDIT, READ, SEE, SPEAK, USAGE};
use crate::http::endpoint::Endpoint;
use crate::http::endpoint::Run::{Flows, Reads, Writes};
use crate::http::errors::ErrorCode as E;
use crate::http::limits::JSON_BYTES_MAX;
use crate::http::page::Page;
use crate::http::{audit, brand, tracking, usage};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/v1/audit",
        "list_acts",
        "Lists who did what, what was refused, and what was delivered, newest first",
        Reads(audit::list),
    )
    .tag("governing")
    .roles(AUDIT)
    .of_no_tenant()
    .query::<audit::AuditQuery>()
    .answers::<Page<audit::AuditItem>>()
    .errors(&[E::CursorWrong, E::QueryWrong, E::TenantNeeded]),
    Endpoint::get(
        "/v1/audit/export",
        "export_acts",
        "The same as a file, as long as it may be",
        Flows(audit::export),
    )
    .tag("governing")
    .roles(AUDIT)
    .of_no_tenant()
    .query::<audit::AuditQuery>()
    .answers_raw("application/x-ndjson", "A line of JSON for each, or CSV with `format=csv`.")
    .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::get(
        "/v1/audit/verify",
        "verify_acts",
        "Looks whether the record is whole: each line holds the hash of the one before it",
        Reads(audit::verify),
    )
    .tag("governing")
    .roles(AUDIT)
    .of_no_tenant()
    .query::<audit::VerifyQuery>()
    .answers::<audit::AuditVerified>()
    .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::get(
        "/v1/usage",
        "show_usage",
        "Shows what was used, by month and day in UTC: messages, orders, deliveries, people",
        Reads(usage::show),
    )
    .tag("governing")
    .roles(USAGE)
    .of_no_tenant()
    .query::<usage::UsageQuery>()
    .answers::<usage::UsageAnswer>()
    .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::get(
        "/v1/usage/export",
        "export_usage",
        "The same as a file, a line for each month or day",
        Reads(usage::export),
    )
    .tag("governing")
    .roles(USAGE)
    .of_no_tenant()
    .query::<usage::UsageExportQuery>()
    .answers_raw("text/csv", "A line for each month, or each day with `by=day`.")
    .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::get("/v1/brand", "show_brand", "Shows as whose the pages look", Reads(brand::show))
        .tag("governing")
        .roles(SEE)
        .of_no_tenant()
        .query::<brand::BrandQuery>()
        .answers::<brand::BrandItem>()
        .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::put(
        "/v1/brand",
        "put_brand",
        "Sets name, logo and colours of the pages; colours in which texts cannot be read are refused",
        Writes(brand::put),
    )
    .tag("governing")
    .roles(ADMIN)
    .of_no_tenant()
    .about("brand", "")
    .tells(&["name", "accent", "accent_dark", "host", "support", "logo_url"])
    .query::<brand::BrandQuery>()
    .takes::<brand::BrandRequest>(brand::BRAND_BYTES_MAX)
    .answers::<brand::BrandItem>()
    .errors(&[E::ValueWrong, E::Conflict, E::QueryWrong, E::TenantNeeded]),
    Endpoint::delete(
        "/v1/brand",
        "remove_brand",
        "Takes the brand away: the operator's shows again, or Baton's own",
        Writes(brand::remove),
    )
    .tag("governing")
    .roles(ADMIN)
    .of_no_tenant()
    .about("brand", "")
    .query::<brand::BrandQuery>()
    .answers::<brand::BrandItem>()
    .errors(&[E::QueryWrong, E::TenantNeeded]),
    Endpoint::post(
        "/v1/brand/check",
        "check_brand",
        "Says how a brand would do, before it is set; keeps nothing",
        Reads(brand::check),
    )
    .tag("governing")
    .roles(ADMIN)
    .of_no_tenant()
    .takes::<brand::BrandRequest>(brand::BRAND_BYTES_MAX)
    .answers::<brand::BrandChecked>()
    .errors(&[E::ValueWrong]),
    Endpoint::get(
        "/v1/brand/logos/{logo}",
        "show_logo",
        "A brand's logo, by the address that brands give",
        Reads(brand::logo),
    )
    .tag("governing")
    .open()
    .answers_raw("image/*", "The image as it was set.")
    .errors(&[E::NotFound]),
    Endpoint::get(
        "/v1/brand/styles/{style}",
        "show_brand_style",
        "The style of pages for customers, in two colours",
        Reads(tracking::style),
    )
    .tag("governing")
    .open()
    .answers_raw("text/css", "The style.")
    .errors(&[E::NotFound]),
    Endpoint::get(
        "/v1/orders/{id}/tracking-links",
        "list_tracking_links",
        "Lists the links by which customers follow an order",
        Reads(tracking::list),
    )
    .tag("governing")
    .roles(READ)
    .answers::<Page<tracking::TrackingLinkItem>>()
    .errors(&[E::NotFound]),
    Endpoint::post(
        "/v1/orders/{id}/tracking-links",
        "create_tracking_link",
        "Makes a link by which a customer follows an order; it is shown once",
        Writes(tracking::create),
    )
    .tag("governing")
    .roles(SPEAK)
    .about("order", "id")
    .tells(&["id", "label", "expires_at"])
    .takes::<tracking::NewTrackingLinkRequest>(JSON_BYTES_MAX)
    .answers::<tracking::TrackingLinkItem>()
    .with_status(StatusCode::CREATED)
    .errors(&[E::NotFound, E::ValueWrong, E::Conflict]),
    Endpoint::delete(
        "/v1/tracking-links/{id}",
        "revoke_tracking_link",
        "Ends a link at once",
        Writes(tracking::revoke),
    )
    .tag("governing")
    .roles(SPEAK)
    .about("tracking_link", "id")
    .tells(&["order"])
    .answers::<tracking::TrackingLinkItem>()
    .errors(&[E::NotFound]),
    Endpoint::get(
        "/track/{link}",
        "track",
        "The page on which a customer follows an order",
        Reads(tracking::page),
    )
    .tag("governing")
    .open()
    .query::<tracking::TrackQuery>()
    .answers_raw("text/html", "The page; the same for every link that does not hold."),
];
