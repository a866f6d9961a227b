//! Tests only: see `main.rs`.

#![forbid(unsafe_code)]
