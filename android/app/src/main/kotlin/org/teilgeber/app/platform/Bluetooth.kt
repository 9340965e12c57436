package org.teilgeber.app.platform

import android.annotation.SuppressLint
import android.bluetooth.BluetoothAdapter
import android.bluetooth.BluetoothDevice
import android.bluetooth.BluetoothManager
import android.bluetooth.BluetoothServerSocket
import android.bluetooth.BluetoothSocket
import android.bluetooth.le.AdvertiseCallback
import android.bluetooth.le.AdvertiseData
import android.bluetooth.le.AdvertiseSettings
import android.bluetooth.le.ScanCallback
import android.bluetooth.le.ScanFilter
import android.bluetooth.le.ScanResult
import android.bluetooth.le.ScanSettings
import android.content.Context
import android.os.Build
import android.os.ParcelUuid
import androidx.annotation.RequiresApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import java.io.IOException
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap

/** Names this app on the air, so that phones know each other's announcements. Shared by all systems. */
val ANNOUNCED: UUID = UUID.fromString("7e11c0de-6eb5-4d0a-9a4b-7e119ebe0001")

/** Short ways between two phones without any network. Slow: for a few kilobytes, or patience. */
interface Bluetooth {
    /**
     * A stream to each phone around, for as long as this is collected. [tag] says who this one is, and stays on the
     * air until this begins anew; of two phones the one with the lower tag dials. The person allowed [Need.BLUETOOTH]
     * before. Fails with an [IOException] where Bluetooth is off or not allowed.
     */
    fun streams(tag: String): Flow<Stream>
}

/** What a phone announces: where it listens, and its tag. With the service's name it fills an announcement exactly. */
data class Announcement(
    val psm: Int,
    val tag: String,
) {
    fun bytes(): ByteArray =
        byteArrayOf((psm shr 8).toByte(), psm.toByte()) + tag.chunked(2).map { it.toInt(16).toByte() }

    companion object {
        const val BYTES = 10

        /** Null for what no phone announces: anybody can send anything. */
        fun of(bytes: ByteArray?): Announcement? {
            if (bytes?.size != BYTES) return null
            val psm = (bytes[0].toInt() and 0xFF shl 8) or (bytes[1].toInt() and 0xFF)
            if (psm == 0) return null
            return Announcement(psm, bytes.drop(2).joinToString("") { "%02x".format(it) })
        }
    }
}

/** Whom to dial: not those who dial us, nobody twice at once, and whoever did not answer only after a while. */
class Dialling(
    private val own: String,
    private val now: () -> Long,
) {
    private val open = HashSet<String>()
    private val again = HashMap<String, Long>()

    /** Whether to dial now. Who is told so says [ended] afterwards. */
    @Synchronized
    fun begins(tag: String): Boolean {
        if (own >= tag || tag in open || open.size >= LINKS_MAX || (again[tag] ?: 0) > now()) return false
        if (again.size >= REMEMBERED_MAX) again.clear()
        return open.add(tag)
    }

    @Synchronized
    fun ended(tag: String) {
        open.remove(tag)
        again[tag] = now() + AGAIN_MS
    }

    private companion object {
        /** A radio carries no more at once. */
        const val LINKS_MAX = 4
        const val AGAIN_MS = 60_000L
        const val REMEMBERED_MAX = 1_000
    }
}

/** Channels over Bluetooth Low Energy, from Android 10 on. Without pairing: the core encrypts and proves for itself. */
@RequiresApi(29)
@SuppressLint("MissingPermission") // Without it this is a SecurityException, which is told.
class PhoneBluetooth(
    private val adapter: BluetoothAdapter,
) : Bluetooth {
    override fun streams(tag: String): Flow<Stream> =
        callbackFlow {
            val advertiser = adapter.bluetoothLeAdvertiser ?: throw IOException("Bluetooth is off")
            val scanner = adapter.bluetoothLeScanner ?: throw IOException("Bluetooth is off")
            val dialling = Dialling(tag, System::currentTimeMillis)
            val sockets: MutableSet<BluetoothSocket> = ConcurrentHashMap.newKeySet()
            val advertising =
                object : AdvertiseCallback() {
                    override fun onStartFailure(code: Int) {
                        close(IOException("announcing failed with $code"))
                    }
                }
            val scanning =
                object : ScanCallback() {
                    override fun onScanResult(
                        type: Int,
                        result: ScanResult,
                    ) {
                        val data = result.scanRecord?.getServiceData(ParcelUuid(ANNOUNCED))
                        val other = Announcement.of(data) ?: return
                        if (dialling.begins(other.tag)) dial(result.device, other, dialling, sockets)
                    }

                    override fun onScanFailed(code: Int) {
                        close(IOException("searching failed with $code"))
                    }
                }
            val server =
                try {
                    adapter.listenUsingInsecureL2capChannel().also {
                        advertiser.startAdvertising(settings, announced(it.psm, tag), advertising)
                        scanner.startScan(listOf(filter), ScanSettings.Builder().build(), scanning)
                    }
                } catch (e: SecurityException) {
                    throw IOException("Bluetooth is not allowed", e)
                }
            launch(Dispatchers.IO) { accept(server, sockets) }
            awaitClose {
                scanner.stopScan(scanning)
                advertiser.stopAdvertising(advertising)
                server.close()
                sockets.forEach { it.close() }
            }
        }

    private fun ProducerScope<Stream>.dial(
        device: BluetoothDevice,
        other: Announcement,
        dialling: Dialling,
        sockets: MutableSet<BluetoothSocket>,
    ) = launch(Dispatchers.IO) {
        try {
            val socket = device.createInsecureL2capChannel(other.psm)
            sockets += socket
            socket.connect()
            hand(socket, true, sockets) { dialling.ended(other.tag) }
        } catch (_: IOException) {
            // They went, or do not listen any more.
            dialling.ended(other.tag)
        }
    }

    private fun ProducerScope<Stream>.accept(
        server: BluetoothServerSocket,
        sockets: MutableSet<BluetoothSocket>,
    ) {
        while (isActive) {
            val socket =
                try {
                    server.accept()
                } catch (_: IOException) {
                    // The server was closed, or Bluetooth was switched off.
                    break
                }
            sockets += socket
            hand(socket, false, sockets) {}
        }
        close()
    }

    private fun ProducerScope<Stream>.hand(
        socket: BluetoothSocket,
        initiator: Boolean,
        sockets: MutableSet<BluetoothSocket>,
        ended: () -> Unit,
    ) {
        val stream =
            Stream(socket.inputStream, socket.outputStream, socket.maxTransmitPacketSize, initiator) {
                sockets -= socket
                socket.close()
                ended()
            }
        if (!trySend(stream).isSuccess) stream.close()
    }

    private val settings =
        AdvertiseSettings
            .Builder()
            .setAdvertiseMode(AdvertiseSettings.ADVERTISE_MODE_BALANCED)
            .setConnectable(true)
            .build()

    /** Whatever is announced under this name: a mask of zeros takes all. */
    private val filter =
        ByteArray(Announcement.BYTES).let { any ->
            ScanFilter.Builder().setServiceData(ParcelUuid(ANNOUNCED), any, any).build()
        }

    private fun announced(
        psm: Int,
        tag: String,
    ) = AdvertiseData
        .Builder()
        .setIncludeDeviceName(false)
        .addServiceData(ParcelUuid(ANNOUNCED), Announcement(psm, tag).bytes())
        .build()

    companion object {
        /** Null where the phone, or its Android, cannot do it. */
        fun of(context: Context): Bluetooth? {
            val adapter = context.getSystemService(BluetoothManager::class.java)?.adapter
            return if (Build.VERSION.SDK_INT >= 29 && adapter != null) PhoneBluetooth(adapter) else null
        }
    }
}
