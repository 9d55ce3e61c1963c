//! Public ids of messages: `msg_` and twenty letters and digits that hold tenant and number, so that
//! a receipt is stable, sorts as messages came, and needs no look-up.

use baton_core::id::{Digest, FactId, MessageNo};
use baton_store::TenantId;

const PREFIX: &str = "msg_";
const NUMBER_BITS: u32 = 64;

/// The public id of a message.
#[must_use]
pub fn message_id(tenant: TenantId, message: MessageNo) -> String {
    let bits =
        (u128::from(tenant.0.unsigned_abs()) << NUMBER_BITS) | u128::from(message.0.unsigned_abs());
    format!("{PREFIX}{}", Digest::from_u128(bits))
}

/// The message that a public id names within a tenant; none if it is of another tenant, or no id.
#[must_use]
pub fn parse_message_id(tenant: TenantId, text: &str) -> Option<MessageNo> {
    let digits = text.strip_prefix(PREFIX)?;
    let FactId(digest) = format!("fct_{digits}").parse().ok()?;
    let bits = digest.to_u128();
    let number = i64::try_from(bits & u128::from(u64::MAX)).ok()?;
    let owner = i64::try_from(bits >> NUMBER_BITS).ok()?;
    (owner == tenant.0).then_some(MessageNo(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_name_a_message_of_one_tenant() {
        let id = message_id(TenantId(3), MessageNo(12_345_678));
        assert_eq!(id.len(), 24);
        assert_eq!(parse_message_id(TenantId(3), &id), Some(MessageNo(12_345_678)));
        assert_eq!(parse_message_id(TenantId(4), &id), None);
        for wrong in ["", "msg_", "msg_1", "fct_00000000000000000001", "msg_iiiiiiiiiiiiiiiiiiii"] {
            assert_eq!(parse_message_id(TenantId(3), wrong), None, "{wrong}");
        }
        assert!(message_id(TenantId(3), MessageNo(9)) < message_id(TenantId(3), MessageNo(10)));
    }
}
