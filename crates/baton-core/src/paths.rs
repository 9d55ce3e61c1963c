//! Which links lie on the paths between two identifiers.
//!
//! A link lies on a simple path from `a` to `b` exactly where it shares a biconnected block with an
//! imagined link `a`–`b`. Groups are small (a few identifiers), so plain depth-first search does.

/// The indices of the links of `edges` that lie on some simple path between `from` and `to`.
#[must_use]
pub(crate) fn on_paths_between(
    count: usize,
    edges: &[(usize, usize)],
    from: usize,
    to: usize,
) -> Vec<usize> {
    let imagined = edges.len();
    let mut all = edges.to_vec();
    all.push((from, to));
    let mut neighbours: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
    for (n, (a, b)) in all.iter().enumerate() {
        for (here, there) in [(*a, *b), (*b, *a)] {
            if let Some(list) = neighbours.get_mut(here) {
                list.push((there, n));
            }
        }
    }
    let mut search = Search {
        neighbours: &neighbours,
        entered: vec![0; count],
        lowest: vec![0; count],
        clock: 0,
        open: Vec::new(),
        wanted: imagined,
        block: Vec::new(),
    };
    search.visit(from, None);
    let mut block = search.block;
    block.retain(|n| *n != imagined);
    block.sort_unstable();
    block
}

struct Search<'a> {
    neighbours: &'a [Vec<(usize, usize)>],
    entered: Vec<usize>,
    lowest: Vec<usize>,
    clock: usize,
    open: Vec<usize>,
    wanted: usize,
    block: Vec<usize>,
}

impl Search<'_> {
    fn at(list: &[usize], n: usize) -> usize {
        list.get(n).copied().unwrap_or(0)
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(slot) = self.lowest.get_mut(node) {
            *slot = (*slot).min(to);
        }
    }

    // Depth is bounded by the number of identifiers of one object, which the store limits.
    fn visit(&mut self, node: usize, came_by: Option<usize>) {
        self.clock += 1;
        for list in [&mut self.entered, &mut self.lowest] {
            if let Some(slot) = list.get_mut(node) {
                *slot = self.clock;
            }
        }
        let neighbours = self.neighbours;
        for (next, edge) in neighbours.get(node).into_iter().flatten().copied() {
            if Some(edge) == came_by {
                continue;
            }
            let seen = Self::at(&self.entered, next);
            if seen == 0 {
                self.open.push(edge);
                self.visit(next, Some(edge));
                self.lower(node, Self::at(&self.lowest, next));
                if Self::at(&self.lowest, next) >= Self::at(&self.entered, node) {
                    self.close_block(edge);
                }
            } else if seen < Self::at(&self.entered, node) {
                self.open.push(edge);
                self.lower(node, seen);
            }
        }
    }

    fn close_block(&mut self, last: usize) {
        let start = self.open.iter().rposition(|e| *e == last).unwrap_or(0);
        let block = self.open.split_off(start);
        if block.contains(&self.wanted) {
            self.block = block;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_on_paths() {
        // 0-1-2 with a spur 1-3, and a cycle 2-4-5-2 beyond.
        let edges = [(0, 1), (1, 2), (1, 3), (2, 4), (4, 5), (5, 2)];
        for (from, to, expected) in [
            (0, 2, vec![0, 1]),
            (0, 3, vec![0, 2]),
            (2, 5, vec![3, 4, 5]),
            (0, 4, vec![0, 1, 3, 4, 5]),
        ] {
            assert_eq!(on_paths_between(6, &edges, from, to), expected, "{from}-{to}");
        }
        assert!(on_paths_between(3, &[(0, 1)], 0, 2).is_empty());
    }
}
