package org.teilgeber.app.platform

import android.content.Context
import android.net.ConnectivityManager
import android.net.LinkProperties
import android.net.Network
import android.net.NetworkCapabilities
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate

/** What the phone is in. Two that differ are two situations: the addresses may be others. */
data class NetworkState(
    val network: Long?,
    val addresses: List<String> = emptyList(),
    /** Whether it costs money, as the person or the system says. */
    val metered: Boolean = false,
)

/** Tells in which network the phone is. */
interface Networks {
    /** Now, and each time that it changes. */
    fun states(): Flow<NetworkState>
}

/** The system's default network. */
class PhoneNetworks(
    private val context: Context,
) : Networks {
    override fun states(): Flow<NetworkState> =
        callbackFlow {
            var state = NetworkState(null)

            fun say(next: NetworkState) {
                state = next
                trySend(next)
            }
            val callback =
                object : ConnectivityManager.NetworkCallback() {
                    override fun onAvailable(network: Network) = say(NetworkState(network.networkHandle))

                    override fun onLost(network: Network) = say(NetworkState(null))

                    override fun onLinkPropertiesChanged(
                        network: Network,
                        properties: LinkProperties,
                    ) = say(state.copy(addresses = properties.linkAddresses.map { it.address.hostAddress.orEmpty() }))

                    override fun onCapabilitiesChanged(
                        network: Network,
                        capabilities: NetworkCapabilities,
                    ) = say(
                        state.copy(
                            metered = !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED),
                        ),
                    )
                }
            val manager = context.getSystemService(ConnectivityManager::class.java)
            say(state)
            manager.registerDefaultNetworkCallback(callback)
            awaitClose { manager.unregisterNetworkCallback(callback) }
        }.conflate()
}
