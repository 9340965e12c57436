package org.teilgeber.app.platform

import android.annotation.SuppressLint
import android.content.Context
import android.net.nsd.NsdManager
import android.net.nsd.NsdServiceInfo
import android.os.Build
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.launch
import org.teilgeber.SocketAddr
import java.net.Inet6Address
import java.net.InetAddress
import java.util.concurrent.Executor

/** The name of the service, the same on all systems. */
const val SERVICE = "_teilgeber._tcp"

/** Somebody in this network, by the tag that they are announced by. */
sealed interface Sighting {
    data class Found(
        val tag: String,
        val addresses: List<SocketAddr>,
    ) : Sighting

    data class Lost(
        val tag: String,
    ) : Sighting
}

/** The system's search in a network. */
interface Discovery {
    /** Who is there, for as long as this is collected. Ends where the system does not search (now). */
    fun sightings(): Flow<Sighting>

    /** Announces this phone for as long as this is collected, by a tag and the port at which it listens. */
    fun announced(
        tag: String,
        port: Int,
    ): Flow<Nothing>
}

/** Android's NsdManager. Before API 34 it looks up one name at a time and knows one address of each. */
class NsdDiscovery(
    private val context: Context,
) : Discovery {
    private val manager get() = context.getSystemService(NsdManager::class.java)

    override fun sightings(): Flow<Sighting> =
        callbackFlow {
            val lookup = if (Build.VERSION.SDK_INT >= 34) Watching(this) else OneByOne(this)
            val listener =
                object : NsdManager.DiscoveryListener {
                    override fun onServiceFound(service: NsdServiceInfo) = lookup.found(service)

                    override fun onServiceLost(service: NsdServiceInfo) {
                        lookup.lost(service)
                        tagOf(service.serviceName)?.let { trySend(Sighting.Lost(it)) }
                    }

                    override fun onStartDiscoveryFailed(
                        type: String,
                        code: Int,
                    ) {
                        close()
                    }

                    override fun onStopDiscoveryFailed(
                        type: String,
                        code: Int,
                    ) = Unit

                    override fun onDiscoveryStarted(type: String) = Unit

                    override fun onDiscoveryStopped(type: String) = Unit
                }
            manager.discoverServices(SERVICE, NsdManager.PROTOCOL_DNS_SD, listener)
            awaitClose {
                lookup.end()
                ended { manager.stopServiceDiscovery(listener) }
            }
        }

    override fun announced(
        tag: String,
        port: Int,
    ): Flow<Nothing> =
        callbackFlow {
            val listener =
                object : NsdManager.RegistrationListener {
                    override fun onRegistrationFailed(
                        service: NsdServiceInfo,
                        code: Int,
                    ) {
                        close()
                    }

                    override fun onServiceRegistered(service: NsdServiceInfo) = Unit

                    override fun onServiceUnregistered(service: NsdServiceInfo) = Unit

                    override fun onUnregistrationFailed(
                        service: NsdServiceInfo,
                        code: Int,
                    ) = Unit
                }
            val service =
                NsdServiceInfo().apply {
                    serviceName = tag
                    serviceType = SERVICE
                    this.port = port
                }
            manager.registerService(service, NsdManager.PROTOCOL_DNS_SD, listener)
            awaitClose { ended { manager.unregisterService(listener) } }
        }

    /** How addresses are learnt of a name. */
    private interface Lookup {
        fun found(service: NsdServiceInfo)

        fun lost(service: NsdServiceInfo)

        fun end()
    }

    @SuppressLint("NewApi")
    private inner class Watching(
        private val scope: ProducerScope<Sighting>,
    ) : Lookup {
        private val watched = HashMap<String, NsdManager.ServiceInfoCallback>()

        @Synchronized
        override fun found(service: NsdServiceInfo) {
            val tag = tagOf(service.serviceName) ?: return
            if (tag in watched || watched.size >= WATCHED_MAX) return
            val callback =
                object : NsdManager.ServiceInfoCallback {
                    override fun onServiceUpdated(service: NsdServiceInfo) {
                        sighting(tag, service.hostAddresses, service.port)?.let { scope.trySend(it) }
                    }

                    override fun onServiceLost() {
                        scope.trySend(Sighting.Lost(tag))
                    }

                    override fun onServiceInfoCallbackRegistrationFailed(code: Int) = Unit

                    override fun onServiceInfoCallbackUnregistered() = Unit
                }
            watched[tag] = callback
            manager.registerServiceInfoCallback(service, Executor(Runnable::run), callback)
        }

        @Synchronized
        override fun lost(service: NsdServiceInfo) {
            watched.remove(service.serviceName)?.let { ended { manager.unregisterServiceInfoCallback(it) } }
        }

        @Synchronized
        override fun end() {
            watched.values.forEach { ended { manager.unregisterServiceInfoCallback(it) } }
            watched.clear()
        }
    }

    private inner class OneByOne(
        private val scope: ProducerScope<Sighting>,
    ) : Lookup {
        private val waiting = Channel<NsdServiceInfo>(WATCHED_MAX)
        private val looking =
            scope.launch {
                for (service in waiting) {
                    val tag = tagOf(service.serviceName) ?: continue
                    val resolved = resolve(service) ?: continue
                    @Suppress("DEPRECATION") // The one that replaces it is of API 34.
                    sighting(tag, listOfNotNull(resolved.host), resolved.port)?.let { scope.trySend(it) }
                }
            }

        override fun found(service: NsdServiceInfo) {
            waiting.trySend(service)
        }

        override fun lost(service: NsdServiceInfo) = Unit

        override fun end() = looking.cancel()

        private suspend fun resolve(service: NsdServiceInfo): NsdServiceInfo? {
            val answer = Channel<NsdServiceInfo?>(1)
            val listener =
                object : NsdManager.ResolveListener {
                    override fun onResolveFailed(
                        service: NsdServiceInfo,
                        code: Int,
                    ) {
                        answer.trySend(null)
                    }

                    override fun onServiceResolved(service: NsdServiceInfo) {
                        answer.trySend(service)
                    }
                }
            @Suppress("DEPRECATION")
            manager.resolveService(service, listener)
            return answer.receive()
        }
    }

    private companion object {
        /** As many as the core keeps of a network. */
        const val WATCHED_MAX = 512
    }
}

/** The tag in the name of a service, which anybody may have named as they like. */
fun tagOf(name: String?): String? = name?.takeIf { it.length == 16 && it.all { digit -> digit in "0123456789abcdef" } }

/** What was found, where it has an address at all. */
fun sighting(
    tag: String,
    hosts: List<InetAddress>,
    port: Int,
): Sighting.Found? {
    val addresses = hosts.mapNotNull { socketAddress(it, port) }
    return if (addresses.isEmpty()) null else Sighting.Found(tag, addresses)
}

/** As the core reads it. The zone of a link-local address is the interface's number there, and a name here. */
fun socketAddress(
    host: InetAddress,
    port: Int,
): SocketAddr? {
    if (port !in 1..0xFFFF) return null
    val text = host.hostAddress?.substringBefore('%') ?: return null
    if (host !is Inet6Address) return "$text:$port"
    val scope = host.scopeId.takeIf { host.isLinkLocalAddress && it > 0 }
    if (host.isLinkLocalAddress && scope == null) return null
    return if (scope == null) "[$text]:$port" else "[$text%$scope]:$port"
}

/** Ends what the system may have ended already. */
private fun ended(end: () -> Unit) {
    try {
        end()
    } catch (_: IllegalArgumentException) {
        return
    }
}
