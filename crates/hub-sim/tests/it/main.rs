//! The simulator through its public interface: in process with a clock that stands still, and on a socket.

#[cfg(test)]
mod contents;
#[cfg(test)]
mod creating;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod load;
#[cfg(test)]
mod media;
#[cfg(test)]
mod model;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod optout;
#[cfg(test)]
mod scenario;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod statuses;
