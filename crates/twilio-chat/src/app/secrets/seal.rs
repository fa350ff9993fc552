//! Sealing keys at rest: `APP_SECRET_KEY`, else a key file beside the database that backups leave out.
//!
//! A sealed value opens under its own name only. A value that can't be opened is nobody's fault here: it was
//! sealed under another key, and has to be entered again.

use std::{
    fs, io,
    io::{Read as _, Write as _},
    path::PathBuf,
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hub_domain::secret::SecretName;
use hub_store::SealedSecret;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::{app::auth::hex, sys::World};

/// Longer than any key file of ours.
const LONGEST_FILE: u64 = 1024;

/// Where the sealing key comes from.
#[derive(Clone, Debug)]
pub struct SealKey {
    /// `APP_SECRET_KEY`.
    pub configured: Option<SecretString>,
    /// The file that serves without it.
    pub file: PathBuf,
}

/// Seals and opens.
pub(super) struct Seal(XChaCha20Poly1305);

impl SealKey {
    /// The seal as far as there is a key.
    pub(super) fn existing(&self) -> io::Result<Option<Seal>> {
        if let Some(key) = &self.configured {
            return Ok(Some(Seal::new(key)));
        }
        let file = match fs::File::open(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut text = String::new();
        file.take(LONGEST_FILE).read_to_string(&mut text)?;
        let key = SecretString::from(text.trim());
        // Half a file opens nothing, and a new key in its place would hide that.
        if key.expose_secret().len() < 64 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the key file is damaged"));
        }
        Ok(Some(Seal::new(&key)))
    }

    /// The seal, with a new key file if there is none.
    pub(super) fn or_new(&self, world: &World) -> io::Result<Seal> {
        if let Some(seal) = self.existing()? {
            return Ok(seal);
        }
        let mut unfinished = self.file.clone().into_os_string();
        unfinished.push(".new");
        let unfinished = PathBuf::from(unfinished);
        let mut options = fs::File::options();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&unfinished)?;
        writeln!(file, "{}", hex(&world.secret()))?;
        file.sync_all()?;
        fs::rename(&unfinished, &self.file)?;
        self.existing()?.ok_or_else(|| io::Error::other("the new key file is gone"))
    }
}

impl Seal {
    fn new(key: &SecretString) -> Self {
        let key = Sha256::new_with_prefix("twilio-chat secrets at rest\0").chain_update(key.expose_secret());
        let key: [u8; 32] = key.finalize().into();
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// `None` only for a value too long to be sealed at all.
    pub(super) fn seal(
        &self,
        name: SecretName,
        value: &SecretString,
        nonce: [u8; 24],
    ) -> Option<SealedSecret> {
        let payload = Payload { msg: value.expose_secret().as_bytes(), aad: name.as_str().as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(SealedSecret { name: name.as_str().to_owned(), nonce: nonce.to_vec(), sealed })
    }

    /// `None`: sealed under another key or another name, or damaged.
    pub(super) fn open(&self, secret: &SealedSecret) -> Option<SecretString> {
        let nonce = <[u8; 24]>::try_from(secret.nonce.as_slice()).ok()?;
        let payload = Payload { msg: &secret.sealed, aad: secret.name.as_bytes() };
        let opened = self.0.decrypt(&XNonce::from(nonce), payload).ok()?;
        String::from_utf8(opened).ok().map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(key: &str) -> Seal {
        Seal::new(&SecretString::from(key))
    }

    #[test]
    fn a_value_opens_under_its_key_and_its_name_only() {
        let value = SecretString::from("token-0123456789");
        let sealed = seal("one").seal(SecretName::TwilioAuthToken, &value, [7; 24]).unwrap();
        assert!(!sealed.sealed.windows(5).any(|part| part == b"token"));
        assert_eq!(seal("one").open(&sealed).unwrap().expose_secret(), "token-0123456789");
        assert!(seal("two").open(&sealed).is_none());
        let renamed = SealedSecret { name: "TWILIO_DEFAULT_FROM".to_owned(), ..sealed.clone() };
        assert!(seal("one").open(&renamed).is_none());
        let mut damaged = sealed;
        damaged.sealed[0] ^= 1;
        assert!(seal("one").open(&damaged).is_none());
    }

    /// The process ended while it wrote one.
    #[test]
    fn after_a_key_file_was_begun() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret.key.new"), "half").unwrap();
        let key = SealKey { configured: None, file: dir.path().join("secret.key") };
        assert!(key.existing().unwrap().is_none());
        key.or_new(&World::real()).unwrap();
        assert_eq!(fs::read_to_string(&key.file).unwrap().trim().len(), 64);
    }

    #[test]
    fn a_key_file_is_made_once_for_its_owner_alone_and_a_damaged_one_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let key = SealKey { configured: None, file: dir.path().join("secret.key") };
        assert!(key.existing().unwrap().is_none());
        let value = SecretString::from("x");
        let sealed =
            key.or_new(&World::real()).unwrap().seal(SecretName::SecondOpenai, &value, [1; 24]).unwrap();
        assert!(key.or_new(&World::real()).unwrap().open(&sealed).is_some(), "the same key");
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&key.file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&key.file, "cut").unwrap();
        assert!(key.or_new(&World::real()).is_err());
        assert_eq!(fs::read_to_string(&key.file).unwrap(), "cut");
    }
}
