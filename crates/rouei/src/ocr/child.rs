//! A program of somebody else, bounded in time, memory and output.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::MAX_MEMORY;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It is not there.
    #[error("{0} is not installed")]
    NotInstalled(String),
    /// It could not be started or watched.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// It failed.
    #[error("{program} failed ({status}): {said}")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The last line of its standard error.
        said: String,
    },
    /// It was killed, for its time was over.
    #[error("{0} took too long and was ended")]
    Time(String),
}

/// Runs a program in a folder to its end, or kills it at `until`. Gives what it wrote to standard output.
///
/// # Errors
/// [`ChildError`]
pub fn run(program: &str, arguments: &[&str], folder: &Path, until: Instant) -> Result<String, ChildError> {
    let io = |e| ChildError::Io(program.to_owned(), e);
    let (out, err) = (folder.join("out.log"), folder.join("err.log"));
    let mut child = match start(program, arguments, folder, &out, &err) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Err(ChildError::NotInstalled(program.to_owned())),
        other => other.map_err(io)?,
    };
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                end(&mut child);
                return Err(ChildError::Time(program.to_owned()));
            }
            Err(e) => {
                end(&mut child);
                return Err(io(e));
            }
        }
    };
    if !status.success() {
        let said = fs::read(&err).map_err(io)?;
        let said = String::from_utf8_lossy(&said).lines().last().unwrap_or_default().chars().take(200).collect();
        return Err(ChildError::Failed { program: program.to_owned(), status, said });
    }
    fs::read(&out).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(io)
}

/// Output goes to files: a pipe that nobody empties would stop the program.
fn start(program: &str, arguments: &[&str], folder: &Path, out: &Path, err: &Path) -> io::Result<Child> {
    let (prefix, program) = bounded(program)?;
    let mut command = Command::new(prefix.first().map_or(program.as_path(), |p| Path::new(p)));
    if prefix.len() > 1 {
        command.args(&prefix[1..]).arg(&program);
    }
    command
        .args(arguments)
        .current_dir(folder)
        // The pages of several documents are read side by side already.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::null())
        .stdout(File::create(out)?)
        .stderr(File::create(err)?)
        .spawn()
}

/// `prlimit` in front, where it is installed (util-linux), and the program by its path: what is missing has to be told
/// from what fails.
fn bounded(program: &str) -> io::Result<(Vec<String>, std::path::PathBuf)> {
    let find = |name: &str| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    };
    let found = find(program).ok_or_else(|| io::Error::from(ErrorKind::NotFound))?;
    let prefix = find("prlimit").map_or_else(Vec::new, |prlimit| {
        vec![prlimit.display().to_string(), format!("--as={MAX_MEMORY}"), "--".to_owned()]
    });
    Ok((prefix, found))
}

fn end(child: &mut Child) {
    // It may have ended by itself a moment ago; then there is nothing to kill.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_program_ends_with_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let started = Instant::now();
        let slow = run("sleep", &["60"], folder.path(), started + Duration::from_millis(100)).unwrap_err();
        assert!(matches!(slow, ChildError::Time(_)), "{slow}");
        assert!(started.elapsed() < Duration::from_secs(10));
        let until = Instant::now() + Duration::from_secs(10);
        assert_eq!(run("echo", &["one"], folder.path(), until).unwrap(), "one\n");
        let missing = run("no-such-program", &[], folder.path(), until).unwrap_err();
        assert_eq!(missing.to_string(), "no-such-program is not installed");
        let failed = run("ls", &["no-such-file"], folder.path(), until).unwrap_err();
        assert!(failed.to_string().contains("no-such-file"), "{failed}");
    }
}
