//! Stops a release build whose pages would come without their styles and scripts.

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script the profile this way only")]
fn main() {
    println!("cargo:rerun-if-changed=assets");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let missing =
        ["bootstrap.min.css", "htmx.min.js", "idiomorph.min.js", "uPlot.iife.min.js", "uPlot.min.css"]
            .into_iter()
            .find(|name| !Path::new("assets/vendor").join(name).exists());
    if let (true, Some(name)) = (release, missing) {
        println!("cargo:warning=assets/vendor/{name} is missing: run `make assets` first");
        panic!("run `make assets` first (needs Node.js >= 20 and npm)");
    }
}
