//! A headless browser with a folder for its downloads.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};

/// How long a browser may take for what a person would not wait for: a machine that does much else is slow.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A browser, ended when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    port: u16,
    folder: TempDir,
    scripts: bool,
    phone: bool,
}

impl Browser {
    /// The same with the screen of a small phone: 320 pixels wide.
    pub fn on_a_phone(mut self) -> Self {
        self.phone = true;
        self
    }

    /// The same with JavaScript switched off.
    pub fn without_scripts(mut self) -> Self {
        self.scripts = false;
        self
    }

    /// Whether JavaScript runs in it.
    pub fn runs_scripts(&self) -> bool {
        self.scripts
    }

    /// Starts the driver; the browser itself starts with the first visit.
    pub fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run the tests by tests/run, which installs it");
        let mut printed = BufReader::new(driver.stdout.take().expect("a pipe"));
        let port = port_in(&mut printed).expect("chromedriver says on which port it was started");
        // It goes on to print, and would end if nobody read that.
        thread::spawn(move || io::copy(&mut printed, &mut io::sink()));
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { driver, port, folder, scripts: true, phone: false }
    }

    /// Runs a visit: a session with no cookies, closed at its end whatever came of it.
    pub fn visit(&self, visit: impl AsyncFnOnce(WebDriver) -> WebDriverResult<()>) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let address = format!("http://127.0.0.1:{}", self.port);
            let driver = WebDriver::new(address, self.capabilities()).await.expect("the browser starts");
            let result = visit(driver.clone()).await;
            driver.quit().await.expect("the browser ends");
            result.expect("the visit goes as planned");
        });
    }

    fn capabilities(&self) -> ChromeCapabilities {
        let mut capabilities = DesiredCapabilities::chrome();
        // Root may only run it without its sandbox; the rest keeps it from calling home.
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1600",
        ] {
            capabilities.add_arg(argument).expect("an argument");
        }
        let downloads = self.downloads();
        // 1 allows, 2 blocks.
        let scripts = if self.scripts { 1 } else { 2 };
        let preferences = serde_json::json!({
            "download.default_directory": downloads.display().to_string(),
            "profile.managed_default_content_settings.javascript": scripts,
        });
        capabilities.add_experimental_option("prefs", preferences).expect("preferences");
        if self.phone {
            let screen = serde_json::json!({ "deviceMetrics": { "width": 320, "height": 640, "pixelRatio": 1.0 } });
            capabilities.add_experimental_option("mobileEmulation", screen).expect("a phone");
        }
        capabilities
    }

    /// Takes a visit off the network, or back on.
    pub fn network(&self, driver: &WebDriver, on: bool) {
        let session = driver.handle().session_id().to_string();
        let conditions = serde_json::json!({ "offline": !on, "latency": 0, "throughput": 100_000_000 });
        let place = format!("http://127.0.0.1:{}/session/{session}/chromium/network_conditions", self.port);
        let sent = ureq::post(place).send_json(serde_json::json!({ "network_conditions": conditions }));
        sent.expect("the browser's network can be switched");
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Waits until the browser has finished downloading a file whose name has this ending.
    pub fn downloaded(&self, ending: &str) -> PathBuf {
        let began = Instant::now();
        loop {
            // While it is being written it is called something.crdownload.
            let files = std::fs::read_dir(self.downloads()).into_iter().flatten().flatten();
            let found = files.map(|entry| entry.path()).find(|path: &PathBuf| named(path, ending));
            if let Some(found) = found {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "no download ends in {ending}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The port of the line `ChromeDriver was started successfully on port 43995.`
fn port_in(printed: impl io::BufRead) -> Option<u16> {
    printed
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.trim_end_matches('.').rsplit_once("successfully on port ")?.1.parse().ok())
}

fn named(path: &Path, ending: &str) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ending))
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
