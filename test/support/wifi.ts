/** The network that boards of the tests are given. */
export const WIFI = { ssid: "home net", password: "secret 123" };
