//! The `guywire` command.
fn main() {}
