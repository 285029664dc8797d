//! The lab: the clock, the fault dial, and whole worlds saved and put back.

use super::console::{Console, Said, back, said};
use super::desk::{Place, shell};
use super::words;
use crate::app::find_trade::list_apps;
use crate::app::move_clock::{LATEST, move_clock};
use crate::app::reset::{ResetError, reset};
use crate::app::snapshots::{self, SnapshotError};
use crate::cashier::Asked;
use crate::context::Context;
use crate::faults::{Fault, What, When};
use crate::store::figures::next_notice_due;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::Timestamp;
use kernel::time::{HOUR_MS, MINUTE_MS};
use serde::Deserialize;
use service::clock_control::ClockError;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// Strikes on the page; the control API has the rest.
const STRIKES: usize = 20;

#[derive(askama::Template)]
#[template(path = "home/lab.html")]
struct LabPage {
    lang: Lang,
    said: Option<Said>,
    csrf_token: String,
    now: String,
    can_move: bool,
    next_notice: Option<String>,
    next_midnight: String,
    seed: u64,
    faults: Vec<FaultLine>,
    strikes: Vec<StrikeLine>,
    strike_count: u64,
    kinds: Vec<Kind>,
    apps: Vec<(String, String)>,
    demo: bool,
    snapshots: Vec<SnapshotLine>,
}

struct FaultLine {
    index: usize,
    name: &'static str,
    what: &'static str,
    limits: String,
    struck: u64,
}

struct StrikeLine {
    at: String,
    what: &'static str,
    name: &'static str,
    about: String,
    trace_id: Option<String>,
}

struct Kind {
    title: &'static str,
    options: Vec<(&'static str, &'static str)>,
}

struct SnapshotLine {
    id: String,
    name: String,
    at: String,
    rows: i64,
}

/// What is said about the last form.
#[derive(Deserialize)]
pub(super) struct SaidQuery {
    #[serde(default)]
    pub(super) said: String,
}

/// The lab.
pub(super) async fn page(
    State(console): State<Console>,
    Query(query): Query<SaidQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    let (lang, cx) = (asked.lang, console.cx());
    let shown = cx.faults().show();
    let faults = shown.dial.faults.iter().zip(&shown.struck).enumerate();
    let token = console.token(&asked.headers);
    let next = next_due(cx).await?;
    let demo = cx.parts().demo;
    let saved = if demo {
        Vec::new()
    } else {
        snapshots::list(cx).await?
    };
    let page = LabPage {
        lang,
        said: said(&query.said, lang),
        csrf_token: token.value,
        now: cx.now().china(),
        can_move: cx.parts().clock_control.is_some(),
        next_notice: next.map(Timestamp::china),
        next_midnight: cx.now().next_china_midnight().china(),
        seed: shown.dial.seed,
        strike_count: shown.struck.iter().sum(),
        faults: faults
            .map(|(index, (fault, struck))| FaultLine {
                index,
                name: fault.what.as_str(),
                what: words::fault(fault.what, lang),
                limits: limits(fault, lang),
                struck: *struck,
            })
            .collect(),
        strikes: shown
            .strikes
            .iter()
            .rev()
            .take(STRIKES)
            .map(|strike| StrikeLine {
                at: strike.at.china(),
                what: words::fault(strike.what, lang),
                name: strike.what.as_str(),
                about: [&strike.method, &strike.out_trade_no]
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" · "),
                trace_id: strike.trace_id.clone(),
            })
            .collect(),
        kinds: kinds(lang),
        apps: list_apps(cx)
            .await?
            .into_iter()
            .map(|app| (app.app_id, app.name))
            .collect(),
        demo,
        snapshots: saved
            .into_iter()
            .map(|snapshot| SnapshotLine {
                id: snapshot.snapshot_id,
                name: snapshot.name,
                at: snapshot.at.china(),
                rows: snapshot.rows,
            })
            .collect(),
    };
    let title = lang.pick("实验台", "Lab");
    Ok(shell(lang, &asked.uri, Place::Lab, title)
        .cookie(token.set_cookie)
        .page(&page))
}

async fn next_due(cx: &Context) -> Result<Option<Timestamp>, Problem> {
    let due = cx
        .db()
        .read(|tx| Box::pin(async move { next_notice_due(tx).await }))
        .await?;
    Ok(due)
}

fn kinds(lang: Lang) -> Vec<Kind> {
    let of = |when: &[When]| {
        let fits = What::ALL
            .into_iter()
            .filter(|what| when.contains(&what.when()));
        fits.map(|what| (what.as_str(), words::fault(what, lang)))
            .collect()
    };
    vec![
        Kind {
            title: lang.pick("网关调用", "Calls of the gateway"),
            options: of(&[When::Call]),
        },
        Kind {
            title: lang.pick("异步通知", "Notices"),
            options: of(&[When::Notice, When::Payment]),
        },
    ]
}

fn limits(fault: &Fault, lang: Lang) -> String {
    let mut parts = Vec::new();
    if fault.per_mille < 1_000 {
        parts.push(format!("{}‰", fault.per_mille));
    }
    if let Some(times) = fault.times {
        parts.push(match lang {
            Lang::Zh => format!("最多 {times} 次"),
            Lang::En => format!("{times} times"),
        });
    }
    let rest = [&fault.method, &fault.app_id, &fault.out_trade_no];
    parts.extend(rest.into_iter().flatten().cloned());
    if let Some(ms) = fault.delay_ms {
        parts.push(format!("{ms} ms"));
    }
    parts.join(" · ")
}

/// How far the clock goes.
#[derive(Deserialize)]
pub(super) struct ClockFields {
    csrf_token: String,
    /// `minute`, `hour`, `notice` or `midnight`.
    to: String,
}

/// Moves the clock.
pub(super) async fn set_clock(
    State(console): State<Console>,
    asked: Asked,
    FormBody(fields): FormBody<ClockFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let cx = console.cx();
    let Some(control) = cx.parts().clock_control.clone() else {
        return Ok(back("/lab", "clock-fixed"));
    };
    let now = cx.now();
    let (at, is_span) = match fields.to.as_str() {
        "minute" => (now.plus_ms(MINUTE_MS), true),
        "hour" => (now.plus_ms(HOUR_MS), true),
        "midnight" => (now.next_china_midnight(), true),
        "notice" => match next_due(cx).await? {
            Some(due) => (due.max(now), true),
            None => return Ok(back("/lab", "no-notice")),
        },
        _ => return Ok(back("/lab", "clock-past")),
    };
    if at > LATEST {
        return Ok(back("/lab", "clock-past"));
    }
    // A long way outlives the request: it goes on without it.
    let moved = tokio::spawn(async move { move_clock(control.as_ref(), at, is_span, true).await });
    match moved.await.map_err(|stopped| Problem::internal(&stopped))? {
        Ok(_) => Ok(back("/lab", "clock")),
        Err(ClockError::Past { .. }) => Ok(back("/lab", "clock-past")),
        Err(ClockError::Store(error)) => Err(error.into()),
    }
}

/// A fault to add, or one to take away; empty fields say nothing.
#[derive(Deserialize)]
pub(super) struct FaultFields {
    csrf_token: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    method: String,
    #[serde(default)]
    app_id: String,
    #[serde(default)]
    out_trade_no: String,
    #[serde(default)]
    times: String,
    #[serde(default)]
    per_mille: String,
    #[serde(default)]
    delay_ms: String,
    #[serde(default)]
    seed: String,
    #[serde(default)]
    remove: String,
}

impl FaultFields {
    /// The fault, when every field can be read.
    fn fault(&self) -> Option<Fault> {
        let text = |value: &str| {
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let times = match text(&self.times) {
            Some(times) => Some(times.parse().ok().filter(|times| *times > 0)?),
            None => None,
        };
        let delay_ms = match text(&self.delay_ms) {
            Some(ms) => Some(ms.parse().ok()?),
            None => None,
        };
        Some(Fault {
            what: What::parse(&self.what)?,
            per_mille: match text(&self.per_mille) {
                Some(often) => often.parse().ok()?,
                None => 1_000,
            },
            times,
            method: text(&self.method),
            app_id: text(&self.app_id),
            out_trade_no: text(&self.out_trade_no),
            delay_ms,
        })
    }
}

/// Adds a fault, or takes one or all away.
pub(super) async fn set_faults(
    State(console): State<Console>,
    asked: Asked,
    FormBody(fields): FormBody<FaultFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let faults = console.cx().faults();
    let mut dial = faults.show().dial;
    if fields.remove.is_empty() {
        let Some(fault) = fields.fault() else {
            return Ok(back("/lab", "faults-wrong"));
        };
        if !fields.seed.trim().is_empty() {
            match fields.seed.trim().parse() {
                Ok(seed) => dial.seed = seed,
                Err(_) => return Ok(back("/lab", "faults-wrong")),
            }
        }
        dial.faults.push(fault);
    } else if let Ok(index) = fields.remove.parse::<usize>() {
        if index < dial.faults.len() {
            dial.faults.remove(index);
        }
    } else {
        dial.faults.clear();
    }
    let code = match faults.set(dial) {
        Ok(()) => "faults",
        Err(_) => "faults-wrong",
    };
    Ok(back("/lab", code))
}

/// What to do with whole worlds.
#[derive(Deserialize)]
pub(super) struct WorldFields {
    csrf_token: String,
    /// `save`, `restore`, `delete` or `reset`.
    action: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
}

/// Saves, puts back, forgets or starts over.
pub(super) async fn change_world(
    State(console): State<Console>,
    asked: Asked,
    FormBody(fields): FormBody<WorldFields>,
) -> Result<Response, Problem> {
    console.check(&asked.headers, &fields.csrf_token)?;
    let cx = console.cx().clone();
    // Whoever leaves the page does not stop half of it.
    let done = tokio::spawn(async move {
        match fields.action.as_str() {
            "save" => snapshots::take(&cx, Some(fields.name))
                .await
                .map(|_| "saved"),
            "restore" => snapshots::restore(&cx, &fields.id)
                .await
                .map(|_| "restored"),
            "delete" => snapshots::delete(&cx, &fields.id).await.map(|()| "deleted"),
            "reset" => match reset(&cx).await {
                Ok(()) => Ok("reset"),
                Err(ResetError::Demo) => Err(SnapshotError::Demo),
                Err(ResetError::Store(error)) => Err(error.into()),
                Err(ResetError::Fill(error)) => Err(SnapshotError::Store(error.into_store())),
            },
            _ => Err(SnapshotError::Unknown),
        }
    });
    let code = match done.await.map_err(|stopped| Problem::internal(&stopped))? {
        Ok(code) => code,
        Err(SnapshotError::Demo) => "demo",
        Err(SnapshotError::ClockFixed) => "clock-fixed",
        Err(SnapshotError::TooMany | SnapshotError::Name) => "too-many",
        Err(SnapshotError::Unknown) => "gone",
        Err(SnapshotError::Store(error)) => return Err(error.into()),
    };
    Ok(back("/lab", code))
}
