//! Whether the stack of JavaScript has room for a call.
//!
//! The engine keeps its frames on that stack, and nothing tells how much of it is left. A call that met its end
//! half-way would cost all books. So before each call this asks for more of it than any call needs: where that fails,
//! nothing has changed.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use wasm_bindgen::prelude::wasm_bindgen;

/// Nothing is ever kept here. But what is read from here and written back the compiler cannot leave out.
static CELLS: [AtomicU64; 256] = [const { AtomicU64::new(0) }; 256];

/// More frames than are ever asked for.
const MANY: u32 = 1 << 20;

/// Reads four cells for each mark, from cell `$at` on, does `$then`, and writes them back.
macro_rules! holding {
    ($at:expr, $then:expr,) => {
        $then
    };
    ($at:expr, $then:expr, . $($mark:tt)*) => {{
        let held = (
            CELLS[$at].load(Relaxed),
            CELLS[$at + 1].load(Relaxed),
            CELLS[$at + 2].load(Relaxed),
            CELLS[$at + 3].load(Relaxed),
        );
        holding!($at + 4, $then, $($mark)*);
        CELLS[$at].store(held.1, Relaxed);
        CELLS[$at + 1].store(held.2, Relaxed);
        CELLS[$at + 2].store(held.3, Relaxed);
        CELLS[$at + 3].store(held.0, Relaxed);
    }};
}

/// Needs the stack of `frames` frames of two kilobytes, and little time: a frame has room for all that its function
/// could hold at once, also on a way that is never gone. Throws what the host throws at the end of its stack.
#[wasm_bindgen(js_name = engineStack, skip_typescript)]
pub fn engine_stack(frames: u32) {
    descend(frames);
}

#[inline(never)]
fn descend(frames: u32) {
    let Some(below) = frames.checked_sub(1) else {
        return;
    };
    if frames > MANY {
        holding!(0, descend(below),
            . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .
            . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .);
    }
    descend(below);
    // What comes after the call keeps it from becoming a loop.
    CELLS[0].store(frames.into(), Relaxed);
}
