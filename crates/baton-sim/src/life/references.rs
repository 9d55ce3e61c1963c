//! The numbers by which each system knows an order. They share nothing but what messages state:
//! every system counts in its own way.

use super::{Line, Order, Supplier};

/// Spreads consecutive numbers so that two systems' numbers of one order do not look alike.
fn scattered(number: u64, factor: u64, modulus: u64) -> u64 {
    (number % modulus).wrapping_mul(factor) % modulus
}

impl Order {
    pub(crate) fn shop_id(&self) -> u64 {
        5_610_000_000_000 + self.number * 32_768 + scattered(self.number, 7_919, 32_749)
    }
    pub(crate) fn shop_name(&self) -> String {
        format!("#{}", 1001 + self.number)
    }
    pub(crate) fn sales_order(&self) -> String {
        format!("SO-{:07}", 200_000 + self.number * 3)
    }
    pub(crate) fn po(&self) -> String {
        format!("45{:08}", 11_000 + self.number * 7)
    }
    pub(crate) fn supplier_order(&self) -> String {
        match self.route.supplier() {
            Supplier::Oem => {
                format!("FB{:08}", 10_000_000 + scattered(self.number, 1_299_709, 89_999_999))
            }
            Supplier::Distributor => format!("LW-{:08}", 40_000_000 + self.number * 11),
        }
    }
    pub(crate) fn job_number(&self) -> String {
        format!("WJ{:06}", 500_000 + self.number)
    }
    pub(crate) fn total_cents(&self) -> u64 {
        self.lines.iter().map(Line::total_cents).sum()
    }
}

impl Line {
    pub(crate) fn total_cents(&self) -> u64 {
        u64::from(self.product.price_cents) * u64::from(self.ordered)
    }
    pub(crate) fn open(&self) -> u32 {
        self.ordered.saturating_sub(self.shipped).saturating_sub(self.cancelled)
    }
}

/// A thing of a group, numbered within it: `slot` is below [`SLOTS`].
const SLOTS: u64 = 64;

fn slotted(first: u64, slot: usize) -> u64 {
    first * SLOTS + (slot as u64).min(SLOTS - 1)
}

pub(super) fn tracking(first: u64, slot: usize) -> String {
    format!("TSP{:012}", 730_000_000_000 + slotted(first, slot))
}

pub(super) fn pro(first: u64, slot: usize) -> String {
    format!("ADF{:09}", 300_000_000 + slotted(first, slot))
}

pub(super) fn bol(first: u64, slot: usize) -> String {
    format!("BL{:09}", 810_000_000 + slotted(first, slot) * 3)
}

pub(super) fn advice(supplier: Supplier, first: u64, slot: usize) -> String {
    match supplier {
        Supplier::Oem => format!("FBS{:08}", 20_000_000 + slotted(first, slot)),
        Supplier::Distributor => format!("LWD{:08}", 60_000_000 + slotted(first, slot)),
    }
}

pub(super) fn invoice(first: u64, slot: usize) -> String {
    format!("INV{:08}", 70_000_000 + slotted(first, slot))
}

/// An 18-digit serial shipping container code with its check digit.
pub(super) fn sscc(first: u64, slot: usize) -> String {
    let body = format!("00999999{:09}", slotted(first, slot) % 1_000_000_000);
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, digit)| u32::from(digit - b'0') * if n % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sscc_has_eighteen_digits_and_its_check_digit() {
        let code = sscc(12, 3);
        assert_eq!(code.len(), 18);
        let sum: u32 = code
            .bytes()
            .rev()
            .enumerate()
            .map(|(n, digit)| u32::from(digit - b'0') * if n % 2 == 0 { 1 } else { 3 })
            .sum();
        assert_eq!(sum % 10, 0);
    }
}
