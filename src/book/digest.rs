//! SHA-256, as the state hash, the chain of a log and the checksum of a snapshot use it.

use super::EntryHash;
use sha2::{Digest as _, Sha256};

/// The digest of SHA-256.
pub(super) type Digest = [u8; 32];

pub(super) fn sha256(bytes: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hash_pieces(&mut hasher, bytes);
    hasher.finalize().into()
}

/// In pieces: V8 takes better code for a function when it is called, not in the midst of a call.
pub(super) fn hash_pieces(hasher: &mut Sha256, bytes: &[u8]) {
    for piece in bytes.chunks(0x1000) {
        hasher.update(piece);
    }
}

/// A SHA-256 of texts that follow each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunningHash(Sha256);

impl RunningHash {
    pub(crate) fn add(&mut self, text: &str) {
        hash_pieces(&mut self.0, text.as_bytes());
    }

    pub(crate) fn finish(&mut self) -> EntryHash {
        EntryHash::new(self.0.finalize_reset().into())
    }
}
