//! Where the files of a start come from, as far as the node's policy asks.

use flatrack_perms::{Keeper, Pref, Provenance, Tree};
use flatrack_store::{Deploy, Place};

use crate::{Request, Stand};

/// The provenance of an app or a runtime with its trees, its extensions, and what the request has stand in for them.
pub(crate) fn of(
    request: &Request,
    runtime: &Pref,
    deploys: &[(&str, &Deploy)],
    extensions: Vec<Tree>,
) -> Provenance {
    let stand_ins = [
        ("--app-path", &request.run.app),
        ("--usr-path", &request.run.usr),
    ];
    let stand_ins = stand_ins
        .into_iter()
        .filter(|(_, stand)| holds_files(stand.as_ref()))
        .map(|(option, _)| Tree {
            name: option.to_owned(),
            keeper: Keeper::Caller,
            remote: None,
        });
    let trees = deploys.iter().map(|(what, deploy)| tree(what, deploy));
    Provenance {
        runtime: (!holds_files(request.run.usr.as_ref())).then(|| runtime.clone()),
        trees: trees.chain(extensions).chain(stand_ins).collect(),
    }
}

/// One tree.
pub(crate) fn tree(what: &str, deploy: &Deploy) -> Tree {
    Tree {
        name: format!("{what} {}", deploy.full_ref.pref),
        keeper: match &deploy.place {
            // a variable of the user's can make any directory an installation of the system
            Place::System { .. } if deploy.dir.is_roots() => Keeper::System,
            Place::User | Place::System { .. } => Keeper::User,
            Place::BuildDir => Keeper::Caller,
            Place::Builtin => Keeper::Machine,
        },
        remote: deploy.origin.clone(),
    }
}

fn holds_files(stand: Option<&Stand>) -> bool {
    match stand {
        None | Some(Stand::Empty) => false,
        Some(Stand::Path(_) | Stand::Descriptor(_)) => true,
    }
}
