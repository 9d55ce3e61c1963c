//! The HL tree of a ship notice. Each HL names its parent by number; senders get the numbers wrong
//! often enough that a wrong one must not cost the content: then the level decides (an item belongs
//! to the last pack, order or shipment before it), and the fault is told.

use std::collections::HashMap;

use super::document::SetView;
use super::fault::{FaultCode, Severity, StandardCode};
use super::tree::{Findings, LoopNode, fault};

/// Deepest nesting of HL loops. The standard's own guides use five levels; the bound keeps a hostile
/// file from exhausting the stack of whoever walks the tree.
pub const HL_DEPTH_MAX: usize = 32;

/// Levels from the outside in: shipment, order, tare, pack, item.
const LEVELS: &str = "SOTPI";

/// Moves the HL loops of `root`, which are side by side, into each other.
pub(super) fn nest<'d>(set: &SetView<'d>, root: &mut LoopNode<'d>, faults: &mut Findings) {
    let loops = std::mem::take(&mut root.loops);
    let (hls, others): (Vec<_>, Vec<_>) = loops.into_iter().partition(|node| node.id == "HL");
    root.loops = others;
    let parents = parents(set, &hls, faults);
    // Children stand after their parents, so that from the last to the first each loop is complete
    // when it is handed up. Children gather in reverse and are turned round once.
    let mut gathered: Vec<Vec<LoopNode<'d>>> = hls.iter().map(|_| Vec::new()).collect();
    let mut outermost = Vec::new();
    for (index, mut node) in hls.into_iter().enumerate().rev() {
        let mut children = gathered.pop().unwrap_or_default();
        children.reverse();
        node.loops.append(&mut children);
        let parent = parents.get(index).copied().flatten();
        match parent.and_then(|parent| gathered.get_mut(parent)) {
            Some(siblings) => siblings.push(node),
            None => outermost.push(node),
        }
    }
    outermost.reverse();
    // HL stands before CTT in the set.
    outermost.append(&mut root.loops);
    root.loops = outermost;
}

/// The parent of each HL, as an earlier position.
fn parents<'d>(
    set: &SetView<'d>,
    hls: &[LoopNode<'d>],
    faults: &mut Findings,
) -> Vec<Option<usize>> {
    let mut by_number: HashMap<String, usize> = HashMap::new();
    let mut depths: Vec<usize> = Vec::new();
    let mut last_of_rank: [Option<usize>; LEVELS.len()] = [None; LEVELS.len()];
    let mut parents = Vec::with_capacity(hls.len());
    for (index, node) in hls.iter().enumerate() {
        let Some(hl) = node.first("HL") else {
            parents.push(None);
            depths.push(0);
            continue;
        };
        let level = hl.text(3);
        let rank = LEVELS.find(level.trim()).filter(|_| level.trim().len() == 1);
        let named = hl.value(2);
        let known = named.as_ref().and_then(|number| by_number.get(number.trim()).copied());
        let by_level = || {
            let outer = rank.and_then(|rank| last_of_rank.get(..rank)).unwrap_or_default();
            outer.iter().copied().flatten().max()
        };
        let parent = known.or_else(by_level);
        let mut tell = |code, element, expected: &str| {
            let detail = (Some(element), expected.to_owned(), StandardCode::Element("7"));
            faults.push(fault(set, hl, (Severity::Warning, code), "HL", detail));
        };
        if known.is_none() && (named.is_some() || (parent.is_some() && rank != Some(0))) {
            tell(FaultCode::HlParent, 2, "the number of an earlier HL");
        }
        let depth = parent.and_then(|p| depths.get(p)).map_or(0, |depth| depth + 1);
        let too_deep = depth >= HL_DEPTH_MAX;
        if too_deep {
            tell(FaultCode::HlDepth, 2, &format!("at most {HL_DEPTH_MAX} levels"));
        }
        if let Some(number) = hl.value(1)
            && by_number.insert(number.trim().to_owned(), index).is_some()
        {
            tell(FaultCode::HlNumber, 1, "a number used once in the set");
        }
        parents.push(parent.filter(|_| !too_deep));
        depths.push(if too_deep { 0 } else { depth });
        if let Some(last) = rank.and_then(|rank| last_of_rank.get_mut(rank)) {
            *last = Some(index);
        }
    }
    parents
}
