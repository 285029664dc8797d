//! What is configured where, and the doctor who looks at it.

use crate::served::Sandbox;
use crate::support::{Ran, command, path, run, tongbao};

#[test]
fn flags_environment_and_file_say_the_same() {
    let sandbox = Sandbox::start();
    let (app_id, gateway) = (sandbox.text("app_id"), sandbox.text("gateway_url"));
    let (private, public) = (
        sandbox.key("app_private_key"),
        sandbox.key("alipay_public_key"),
    );
    let expect_no_trade = |ran: Ran| {
        let json = ran.ended(1).json();
        assert_eq!(json["sub_code"], "ACQ.TRADE_NOT_EXIST");
    };
    let ask = ["query", "F1", "--json"];
    let mut flags = ask.to_vec();
    flags.extend([
        "--app-id",
        app_id,
        "--gateway",
        gateway,
        "--app-private-key",
        &private,
        "--alipay-public-key",
        &public,
    ]);
    expect_no_trade(tongbao(&flags));

    let mut variables = command(ask);
    variables
        .env("TONGBAO_APP_ID", app_id)
        .env("TONGBAO_GATEWAY", gateway)
        .env("TONGBAO_APP_PRIVATE_KEY", "env:THE_KEY")
        .env("THE_KEY", std::fs::read_to_string(&private).expect("there"))
        .env("TONGBAO_ALIPAY_PUBLIC_KEY", &public);
    expect_no_trade(run(variables, ""));

    let folder = tempfile::tempdir().expect("a folder");
    let file = path(folder.path(), "t.toml");
    let app = format!(
        "app_id = \"{app_id}\"\nseller_id = \"2088\"\ngateway_url = \"{gateway}\"\napp_private_key = \"{private}\"\nalipay_public_key = \"{public}\"\n"
    );
    std::fs::write(&file, &app).expect("written");
    expect_no_trade(tongbao(&["query", "F1", "--json", "--config", &file]));
    std::fs::write(
        &file,
        format!("listen = \"127.0.0.1:1\"\n[merchants.a.apps.main]\n{app}"),
    )
    .expect("written");
    expect_no_trade(tongbao(&[
        "query", "F1", "--json", "--config", &file, "--app", "main",
    ]));
    let mut variable = command(ask);
    variable.env("TONGBAO_CONFIG", &file);
    expect_no_trade(run(variable, ""));
    // A forgotten variable never leads a sandbox's caller elsewhere.
    let mut forgotten = command(["query", "F1", "--json", "--sandbox", sandbox.data()]);
    forgotten
        .env("TONGBAO_GATEWAY", "http://127.0.0.1:9/gateway.do")
        .env("TONGBAO_APP_ID", "1");
    expect_no_trade(run(forgotten, ""));
}

#[test]
fn the_doctor_asks_the_gateway_whether_the_keys_pair_up() {
    let sandbox = Sandbox::start();
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().to_str().expect("UTF-8");
    tongbao(&["keys", "new", "--out", keys]).ended(0);
    let config = path(folder.path(), "t.toml");
    let examined = |private: &str, public: &str| {
        let text = format!(
            "listen = \"127.0.0.1:1\"\npublic_url = \"http://127.0.0.1:1\"\ndatabase = \"sqlite:m.db\"\n\
             [merchants.acme.apps.main]\napp_id = \"{}\"\nseller_id = \"{}\"\ngateway_url = \"{}\"\n\
             app_private_key = \"{private}\"\nalipay_public_key = \"{public}\"\n",
            sandbox.text("app_id"),
            sandbox.text("seller_id"),
            sandbox.text("gateway_url"),
        );
        std::fs::write(&config, text).expect("written");
        // Nobody listens at public_url, so one thing is always to be mended.
        let found = tongbao(&["doctor", "--config", &config, "--json"])
            .ended(1)
            .json();
        let findings = found["findings"].as_array().expect("a list").clone();
        let pairs = findings
            .iter()
            .find(|finding| finding["check"] == "keys at the gateway");
        pairs.expect("it was asked").clone()
    };
    let (private, public) = (
        sandbox.key("app_private_key"),
        sandbox.key("alipay_public_key"),
    );
    let good = examined(&private, &public);
    assert_eq!(good["ok"], true, "{good}");
    let stranger = examined(&path(folder.path(), "app_private_key.pem"), &public);
    assert_eq!(stranger["ok"], false);
    assert!(
        stranger["says"]
            .as_str()
            .expect("words")
            .contains("does not know app_private_key"),
        "{stranger}"
    );
    let other = examined(&private, &path(folder.path(), "app_public_key.pem"));
    assert!(
        other["says"]
            .as_str()
            .expect("words")
            .contains("not the key that the gateway signs with"),
        "{other}"
    );
}
