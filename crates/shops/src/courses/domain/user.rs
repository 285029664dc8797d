//! Users and what may be a name and a password.

kernel::define_id! {
    /// Somebody who learns, or who works here.
    UserId, "usr";
}

/// A user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// Its row.
    pub id: UserId,
    /// What it logs in with.
    pub username: String,
    /// Returns `true` for those who may open the back office.
    pub is_staff: bool,
}

/// A name and a password as somebody typed them, within the limits of both.
#[derive(Clone)]
pub struct Credentials {
    /// Who.
    pub username: String,
    /// The proof.
    pub password: String,
}

/// Never prints the password.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Why a name or password cannot be registered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CredentialsRefusal {
    /// Nothing was given as name.
    NoUsername,
    /// Nothing was given as password.
    NoPassword,
    /// The name is too long, or has characters that cannot be seen.
    BadUsername,
    /// The password is shorter than six characters.
    ShortPassword,
    /// The password is longer than anybody types.
    LongPassword,
}

impl CredentialsRefusal {
    /// Which field is meant.
    pub fn field(self) -> &'static str {
        match self {
            Self::NoUsername | Self::BadUsername => "username",
            Self::NoPassword | Self::ShortPassword | Self::LongPassword => "password",
        }
    }

    /// What to tell, in Chinese and English.
    pub fn message(self) -> (&'static str, &'static str) {
        match self {
            Self::NoUsername => ("请输入用户名", "Enter a user name"),
            Self::NoPassword => ("请输入密码", "Enter a password"),
            Self::BadUsername => (
                "用户名不能超过 64 个字符，且不能包含空白或控制字符",
                "A user name has at most 64 characters and no blanks",
            ),
            Self::ShortPassword => ("密码至少 6 位", "A password has at least 6 characters"),
            Self::LongPassword => ("密码过长", "The password is too long"),
        }
    }
}

impl Credentials {
    /// Checks a name and a password for registration.
    ///
    /// # Errors
    /// Says which rule they break.
    pub fn check_new(&self) -> Result<(), CredentialsRefusal> {
        self.check_given()?;
        match self.password.chars().count() {
            n if n < MIN_PASSWORD => Err(CredentialsRefusal::ShortPassword),
            _ => Ok(()),
        }
    }

    /// Checks that both were given, that the name can be one, and that the password is not so long
    /// that hashing it is an attack.
    ///
    /// # Errors
    /// Says which is missing or breaks a rule.
    pub fn check_given(&self) -> Result<(), CredentialsRefusal> {
        if self.username.is_empty() {
            return Err(CredentialsRefusal::NoUsername);
        }
        if self.password.is_empty() {
            return Err(CredentialsRefusal::NoPassword);
        }
        let odd = |c: char| c.is_control() || c.is_whitespace();
        if self.username.chars().count() > MAX_USERNAME || self.username.chars().any(odd) {
            return Err(CredentialsRefusal::BadUsername);
        }
        if self.password.len() > MAX_PASSWORD_BYTES {
            return Err(CredentialsRefusal::LongPassword);
        }
        Ok(())
    }
}

const MAX_USERNAME: usize = 64;
const MIN_PASSWORD: usize = 6;
/// Hashing an endless text is work for us and none for who sends it.
const MAX_PASSWORD_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_passwords_have_limits() {
        let check = |username: &str, password: &str| {
            Credentials {
                username: username.to_owned(),
                password: password.to_owned(),
            }
            .check_new()
        };
        assert_eq!(check("root", "zxc123456"), Ok(()));
        assert_eq!(check("小明", "🔑🔑🔑🔑🔑🔑"), Ok(()));
        assert_eq!(check("", "zxc123456"), Err(CredentialsRefusal::NoUsername));
        assert_eq!(check("root", ""), Err(CredentialsRefusal::NoPassword));
        assert_eq!(
            check("a b", "zxc123456"),
            Err(CredentialsRefusal::BadUsername)
        );
        assert_eq!(
            check("root", "12345"),
            Err(CredentialsRefusal::ShortPassword)
        );
        let long = "x".repeat(257);
        assert_eq!(check("root", &long), Err(CredentialsRefusal::LongPassword));
        assert_eq!(
            check(&long, "zxc123456"),
            Err(CredentialsRefusal::BadUsername)
        );
    }

    #[test]
    fn a_password_is_never_printed() {
        let given = Credentials {
            username: "root".to_owned(),
            password: "zxc123456".to_owned(),
        };
        assert!(!format!("{given:?}").contains("zxc"));
    }
}
