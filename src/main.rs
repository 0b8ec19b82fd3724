//! The command line: reads what to do and hands over.

fn main() {
    println!("facilities-audit {}", env!("CARGO_PKG_VERSION"));
}
