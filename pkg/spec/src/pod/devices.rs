//! Devices of the document: those of them that the app asks for.

use flatrack_perms::{DeviceAccess, DeviceName, Parts, Permission};
use oci_spec::runtime::{LinuxDevice, LinuxDeviceType, Spec};

use crate::{DeviceNumber, DevicePlan};

/// Where the devices of a permission are.
const PLACES: [(Permission, &[&str]); 5] = [
    (
        Permission::Dri,
        &["/dev/dri/", "/dev/mali", "/dev/nvidia", "/dev/udmabuf"],
    ),
    (Permission::Input, &["/dev/input/"]),
    (Permission::Usb, &["/dev/bus/usb/"]),
    (Permission::Kvm, &["/dev/kvm"]),
    (Permission::AllDevices, &["/dev/"]),
];

/// What anybody may do with a device that comes with a permission.
const ALL: DeviceAccess = DeviceAccess {
    read: true,
    write: true,
    make: false,
};

/// The devices that both the document and the app name, and those of the document that the app does not.
#[must_use]
pub fn devices(document: &Spec, asked: &Parts) -> (Vec<DevicePlan>, Vec<String>) {
    let linux = document.linux().as_ref();
    let all = linux.and_then(|linux| linux.devices().as_deref());
    let (mut given, mut withheld) = (Vec::new(), Vec::new());
    for device in all.unwrap_or_default() {
        let path = device.path().to_string_lossy().into_owned();
        match (access(&path, asked), number(device)) {
            (Some(access), Some(number)) => given.push(DevicePlan {
                path: Some(device.path().clone()),
                host: device.path().clone(),
                number,
                whole_driver: false,
                access,
                of_pod: true,
            }),
            _ => withheld.push(path),
        }
    }
    (given, withheld)
}

/// What the app asks to do with a device; nothing for one that it does not ask for.
fn access(path: &str, asked: &Parts) -> Option<DeviceAccess> {
    let has = |permission| asked.permissions.contains_key(permission);
    let below = |places: &[&str]| places.iter().any(|place| path.starts_with(place));
    if PLACES
        .iter()
        .any(|(permission, places)| has(permission) && below(places))
    {
        return Some(ALL);
    }
    let name = DeviceName::Node(path.to_owned());
    let rule = asked
        .devices
        .values()
        .find(|rule| rule.value.name.covers(&name));
    rule.map(|rule| rule.value.access)
}

fn number(device: &LinuxDevice) -> Option<DeviceNumber> {
    let block = match device.typ() {
        LinuxDeviceType::B => true,
        LinuxDeviceType::C | LinuxDeviceType::U => false,
        _ => return None,
    };
    Some(DeviceNumber {
        block,
        major: u32::try_from(device.major()).ok()?,
        minor: u32::try_from(device.minor()).ok()?,
    })
}
