//! What a running program is held to: steps, stack, and the size and depth of its values.

use std::cell::Cell;

use jaq_core::box_iter::box_once;
use jaq_core::native::{Fun, v};
use jaq_core::{Ctx, DataT, Error, Exn, Lut, Native, ValR, data};
use jaq_json::{Num, Val};

/// Counts a step and passes its input on.
pub(super) const TICK: &str = "baton_tick";
/// Passes its input on unless it is a text that nests too deeply to be read as JSON.
pub(super) const SHALLOW: &str = "baton_shallow";
/// Multiplies, unless a text would grow out of bounds.
pub(super) const TIMES: &str = "baton_times";

/// Stack that a run may use beyond where it began. Threads have two megabytes.
const STACK_BYTES_MAX: usize = 512 * 1024;
/// Longest text within a program.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most items of one list or object within a program.
const ITEMS_MAX: usize = 1_000_000;
/// Deepest value within a program, looked at every [`DEPTH_EVERY`] steps.
const DEPTH_MAX: usize = 256;
const DEPTH_EVERY: u64 = 64;
/// Values looked at when depth is.
const DEPTH_LOOKS_MAX: usize = 100_000;

/// jq's types for a run that is guarded.
pub(crate) struct Reading;

impl DataT for Reading {
    type V<'a> = Val;
    type Data<'a> = &'a Guard<'a>;
}

impl<'a> data::HasLut<'a, Reading> for &'a Guard<'a> {
    fn lut(&self) -> &'a Lut<Reading> {
        self.lut
    }
}

/// A filter of jaq's that runs within bounds.
pub(crate) struct Guard<'a> {
    pub(super) lut: &'a Lut<Reading>,
    pub(super) bounds: &'a Bounds,
}

/// The bounds of one run.
#[derive(Debug)]
pub(crate) struct Bounds {
    steps_left: Cell<u64>,
    began_at: usize,
    reached: Cell<Option<&'static str>>,
}

impl Bounds {
    pub(crate) fn new(steps: u64) -> Self {
        let (steps_left, reached) = (Cell::new(steps), Cell::new(None));
        Self { steps_left, began_at: stack_here(), reached }
    }

    /// Which bound was reached, if one was. A program may catch the error, but not undo this.
    pub(crate) fn reached(&self) -> Option<&'static str> {
        self.reached.get()
    }

    /// Counts a step of the program, and looks at the value that it goes on with.
    pub(super) fn step(&self, value: &Val) -> Result<(), Error<Val>> {
        let left = self.steps_left.get();
        self.steps_left.set(left.saturating_sub(1));
        let bound = if self.reached.get().is_some() || left == 0 {
            self.reached.get().or(Some("more steps than its input allows"))
        } else if self.began_at.abs_diff(stack_here()) > STACK_BYTES_MAX {
            Some("too deep a recursion")
        } else {
            match value {
                Val::TStr(text) | Val::BStr(text) if text.len() > TEXT_BYTES_MAX => {
                    Some("a text that is too long")
                }
                Val::Arr(items) if items.len() > ITEMS_MAX => Some("a list that is too long"),
                Val::Obj(items) if items.len() > ITEMS_MAX => Some("an object that is too large"),
                _ if left.is_multiple_of(DEPTH_EVERY) && is_deep(value) => {
                    Some("a value that nests too deeply")
                }
                _ => None,
            }
        };
        self.reached.set(bound);
        bound.map_or(Ok(()), |bound| Err(Error::str(bound)))
    }
}

/// About where the stack is: the address of a local. Only differences are used.
#[inline(never)]
fn stack_here() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

fn is_deep(value: &Val) -> bool {
    let mut pending = vec![(value, 0)];
    let mut looks = 0;
    while let Some((value, depth)) = pending.pop() {
        looks += 1;
        if depth > DEPTH_MAX {
            return true;
        }
        if looks > DEPTH_LOOKS_MAX {
            return false;
        }
        match value {
            Val::Arr(items) => pending.extend(items.iter().map(|item| (item, depth + 1))),
            Val::Obj(items) => pending.extend(items.values().map(|item| (item, depth + 1))),
            _ => {}
        }
    }
    false
}

fn step<'a>(ctx: &Ctx<'a, Reading>, value: &Val) -> Result<(), Exn<'a, Val>> {
    ctx.data().bounds.step(value).map_err(Exn::from)
}

pub(super) fn functions() -> [Fun<Reading>; 3] {
    let tick = Native::<Reading>::new(|cv| box_once(step(&cv.0, &cv.1).map(|()| cv.1)))
        .with_paths(|cv| {
            let stepped = step(&cv.0, &cv.1.0);
            box_once(stepped.map(|()| cv.1))
        })
        .with_update(|cv, f| match step(&cv.0, &cv.1) {
            Ok(()) => f(cv.1),
            Err(bound) => box_once(Err(bound)),
        });
    let shallow = Native::<Reading>::new(|cv| {
        let deep = match &cv.1 {
            Val::TStr(text) => depth_of_json(text, JSON_DEPTH_MAX).is_err(),
            _ => false,
        };
        let refused = || Exn::from(Error::str("a text nests too deeply to be read as JSON"));
        box_once(if deep { Err(refused()) } else { Ok(cv.1) })
    });
    let times = Native::<Reading>::new(|mut cv| {
        let right = cv.0.pop_var();
        let left = cv.0.pop_var();
        box_once(multiplied(left, right).map_err(Exn::from))
    });
    [(TICK, v(0), tick), (SHALLOW, v(0), shallow), (TIMES, v(2), times)]
}

/// `left * right`, unless a text would grow out of bounds.
pub(super) fn multiplied(left: Val, right: Val) -> ValR<Val> {
    let repeated = match (&left, &right) {
        (Val::TStr(text), Val::Num(n)) | (Val::Num(n), Val::TStr(text)) => Some((text.len(), n)),
        _ => None,
    };
    if let Some((length, Num::Int(count))) = repeated
        && length.saturating_mul(usize::try_from(*count).unwrap_or(0)) > TEXT_BYTES_MAX
    {
        return Err(Error::str("a text would become too long"));
    }
    if repeated.is_some_and(|(_, n)| !matches!(n, Num::Int(_))) {
        return Err(Error::str("a text is repeated a whole number of times"));
    }
    left * right
}

/// Deepest nesting of a JSON document.
pub const JSON_DEPTH_MAX: usize = 64;

/// Looks at the brackets of a JSON text, before it is given to a recursive parser.
///
/// # Errors
/// The offset of the byte that nests too deeply, or that no JSON has outside a text: jaq's parser
/// reads a superset of JSON, and a partner's comment or `NaN` is a fault.
pub(crate) fn depth_of_json(bytes: &[u8], depth_max: usize) -> Result<(), usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_text(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > depth_max {
                    return Err(at);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'#' | b'N' | b'I' | b'b' => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The offset of the quote that ends the text which begins at `from`.
fn end_of_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// Looks at the brackets of a program; texts and comments do not matter, as they only make it stricter.
///
/// # Errors
/// The offset of the bracket that nests too deeply.
pub(super) fn brackets(code: &str, depth_max: usize) -> Result<(), usize> {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > depth_max {
            return Err(at);
        }
    }
    Ok(())
}
