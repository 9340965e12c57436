package org.teilgeber.app.platform

/**
 * What only the phone can do, as small interfaces: a screen gets this holder and nothing else of the system.
 * A test passes fakes. What a phone has not, is null.
 */
class Platform
