//! The same done to each of many things on several threads, for work that only looks.

/// Fewer than this are done on one thread: to start others would cost more than they save.
const SHARED_MIN: usize = 64;

/// Does it to each; what comes of it is in the order of the things.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    threads: usize,
    all: &[T],
    one: &(impl Fn(&T) -> R + Sync),
) -> Vec<R> {
    if threads <= 1 || all.len() < SHARED_MIN {
        return all.iter().map(one).collect();
    }
    std::thread::scope(|scope| {
        let mut shares = all.chunks(all.len().div_ceil(threads));
        let first = shares.next().unwrap_or_default();
        let others: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(one).collect::<Vec<R>>()))
            .collect();
        let mut done: Vec<R> = first.iter().map(one).collect();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                // As it would have failed on one thread.
                Err(failure) => std::panic::resume_unwind(failure),
            }
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn the_order_stays_whatever_the_share() {
        for count in [0, 1, 63, 64, 65, 1_000] {
            let all: Vec<usize> = (0..count).collect();
            for threads in [0, 1, 2, 7] {
                assert_eq!(side_by_side(threads, &all, &|n| *n), all, "{count} on {threads}");
            }
        }
    }
}
