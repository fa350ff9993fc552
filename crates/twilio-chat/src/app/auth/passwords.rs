//! Argon2id with 64 MiB, three passes, one lane; never more than two at once, never on the runtime's threads.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::AuthError;
use crate::app::App;

const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// Each takes 64 MiB and a core for a while.
const AT_ONCE: usize = 2;
/// In hand and waiting; more are told to try again.
const IN_ALL: usize = 20;

/// Checked when there is no such person, so that both answers take the same time. No password is known for it.
const NOBODY: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Debug)]
pub(super) struct Passwords {
    working: Arc<Semaphore>,
    admitted: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { working: Arc::new(Semaphore::new(AT_ONCE)), admitted: Semaphore::new(IN_ALL) }
    }
}

impl Passwords {
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        let _place = self.admitted.try_acquire().map_err(|_| AuthError::Busy)?;
        let turn = Arc::clone(&self.working).acquire_owned().await.map_err(|_| AuthError::Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a caller that goes away leaves it running.
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| AuthError::Hash(error.to_string()))
    }
}

impl App {
    /// The text to keep of a password.
    pub(super) async fn hash_password(&self, password: SecretString) -> Result<String, AuthError> {
        let mut salt = [0; 16];
        let random = self.world().secret();
        salt.copy_from_slice(random.first_chunk::<16>().unwrap_or(&[0; 16]));
        let work = move || hashed(password.expose_secret(), &salt);
        self.auth().passwords.run(work).await?.map_err(AuthError::Hash)
    }

    /// Whether the password is the one kept. Without one it takes as long and is wrong.
    pub(super) async fn is_password(
        &self,
        kept: Option<String>,
        password: SecretString,
    ) -> Result<bool, AuthError> {
        let work = move || {
            let known = kept.is_some();
            let text = kept.as_deref().unwrap_or(NOBODY);
            let fits = PasswordHash::new(text).is_ok_and(|hash| {
                argon2().is_ok_and(|argon| {
                    argon.verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
                })
            });
            fits && known
        };
        self.auth().passwords.run(work).await
    }
}

fn hashed(password: &str, salt: &[u8]) -> Result<String, String> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash: PasswordHash| hash.to_string()).map_err(|error| error.to_string())
}

fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests;
