//! Who sends a request, as far as the network tells.

use std::net::IpAddr;

use poem::Request;
use poem::http::header::USER_AGENT;

use crate::app::sessions::Visit;
use crate::domain::access::Channel;

/// The network address of the client.
pub fn address_of(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(std::net::SocketAddr::ip)
}

/// The visit that a request is part of.
pub fn visit_of(request: &Request, channel: Channel) -> Visit {
    let agent = request.header(USER_AGENT).map(|agent| agent.chars().filter(|c| !c.is_control()).collect());
    Visit { channel, address: address_of(request), agent }
}
