//! Room in the memory of the module, made before it is needed.
//!
//! A WebAssembly memory never shrinks, and the allocator lets it grow by as little as 64 KiB. Each growth can make a
//! JavaScript engine collect its whole heap, for it counts the memory among what it holds. So room is made ahead, in
//! steps of the memory's own size: their number follows from how often the memory becomes a quarter larger, not from
//! how much is loaded.

use crate::error::{Error, Reason, Result, Site};

/// Makes sure that `bytes` more can be had.
///
/// # Errors
/// `tooLarge` where they cannot.
pub(crate) fn reserve(bytes: usize) -> Result<()> {
    // Near its end the memory may have no room for a whole step, but enough for what is asked.
    if has_room(bytes.max(step())) || has_room(bytes) {
        return Ok(());
    }
    Err(full())
}

/// Makes sure that `count` more things of `size` bytes each can be had.
///
/// # Errors
/// `tooLarge` where they cannot.
pub(crate) fn reserve_many(count: usize, size: usize) -> Result<()> {
    reserve(count.saturating_mul(size))
}

/// The sum of counts that room is made for, or that a limit is asked about. It ends at the largest number: what is too
/// large for that is too large for any memory and any limit.
pub(crate) fn capped_sum(counts: impl IntoIterator<Item = usize>) -> usize {
    counts.into_iter().fold(0, usize::saturating_add)
}

/// The product of two such counts, which ends where their sum does.
pub(crate) const fn capped_product(count: usize, size: usize) -> usize {
    count.saturating_mul(size)
}

/// The refusal where memory has no room.
pub(crate) fn full() -> Error {
    Error::of(Reason::RequestTooLarge {}, &Site::Command)
}

/// Room for many small things that are made one after the other: asked for a piece at a time.
#[derive(Debug, Default)]
pub(crate) struct Room {
    left: usize,
    is_full: bool,
}

impl Room {
    /// What the allocator adds to each allocation, at most.
    const OVERHEAD: usize = 16;

    /// So much is asked for at once.
    const PIECE: usize = 0x4_0000;

    /// Makes sure that one more allocation can be had, of `count` times a `T`.
    ///
    /// # Errors
    /// `tooLarge` where it cannot.
    #[inline]
    pub(crate) fn take<T>(&mut self, count: usize) -> Result<()> {
        let bytes = count
            .saturating_mul(size_of::<T>())
            .saturating_add(Self::OVERHEAD);
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return Ok(());
        }
        self.more(bytes)
    }

    /// Asks for another piece, and takes `bytes` of it.
    #[cold]
    fn more(&mut self, bytes: usize) -> Result<()> {
        let piece = bytes.saturating_add(Self::PIECE);
        let reserved = reserve(piece);

        // Who reads bytes returns `None` for all that is wrong: this is how the caller learns why.
        self.is_full = reserved.is_err();
        reserved?;

        self.left = piece.saturating_sub(bytes);
        Ok(())
    }

    /// A refusal that could not be returned where it happened.
    ///
    /// # Errors
    /// `tooLarge` if something was.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_full {
            return Err(full());
        }
        Ok(())
    }
}

/// A part of the memory as it is. Natively the operating system takes care of it.
fn step() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>().saturating_mul(PAGE / PARTS);
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// The bytes of a page of WebAssembly memory.
#[cfg(target_arch = "wasm32")]
const PAGE: usize = 0x1_0000;

/// The memory grows by this part of its size: a half would leave more of it unused, with an eighth it would grow
/// more often.
#[cfg(target_arch = "wasm32")]
const PARTS: usize = 4;

/// Whether the bytes can be had in one piece: the memory grows for them if it must, and keeps what it then has.
fn has_room(bytes: usize) -> bool {
    let mut room = Vec::<u8>::new();
    let has_room = room.try_reserve_exact(bytes).is_ok();
    // The compiler would leave out an allocation that is never read.
    drop(std::hint::black_box(room));
    has_room
}
