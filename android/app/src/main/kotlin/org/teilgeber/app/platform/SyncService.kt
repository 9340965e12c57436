package org.teilgeber.app.platform

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.teilgeber.app.MainActivity
import org.teilgeber.app.R

/** Lets the phone go on syncing while the person does something else, and shows that it does. */
interface Staying {
    /** Whether it is wanted. The person may end it at the notification too. */
    val wanted: StateFlow<Boolean>

    /** From a screen that is seen: the system refuses it to others. It does not ask for [Need.NOTIFICATION]. */
    fun begin()

    fun end()
}

/**
 * In the foreground while the person syncs, never else. It does nothing itself: it keeps the process. It is of the type
 * for connected devices, which has no limit of hours as that for data has: it talks to phones that are near.
 */
class SyncService : Service() {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(
        intent: Intent?,
        flags: Int,
        startId: Int,
    ): Int {
        if (intent?.action == END) wanted.value = false
        show()
        if (!wanted.value) {
            stopForeground(STOP_FOREGROUND_REMOVE)
            stopSelf()
        }
        // Nobody syncs unseen: a process that the system ended is not begun again.
        return START_NOT_STICKY
    }

    override fun onDestroy() {
        shown = false
    }

    private fun show() {
        if (Build.VERSION.SDK_INT >= 29) {
            startForeground(NOTIFICATION, notification(), ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE)
        } else {
            startForeground(NOTIFICATION, notification())
        }
        shown = true
    }

    private fun notification(): Notification {
        val channel = NotificationChannel(CHANNEL, getString(R.string.sync_channel), NotificationManager.IMPORTANCE_LOW)
        getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
        val open = Intent(this, MainActivity::class.java)
        val end = Intent(this, SyncService::class.java).setAction(END)
        val endNow =
            Notification.Action.Builder(
                null,
                getString(R.string.sync_end),
                PendingIntent.getService(this, 0, end, PendingIntent.FLAG_IMMUTABLE),
            )
        return Notification
            .Builder(this, CHANNEL)
            .setSmallIcon(R.drawable.ic_swap)
            .setContentTitle(getString(R.string.sync_title))
            .setContentText(getString(R.string.sync_text))
            .setContentIntent(PendingIntent.getActivity(this, 0, open, PendingIntent.FLAG_IMMUTABLE))
            .addAction(endNow.build())
            .setOngoing(true)
            .build()
    }

    class Starter(
        private val context: Context,
    ) : Staying {
        override val wanted: StateFlow<Boolean> get() = SyncService.wanted

        override fun begin() {
            SyncService.wanted.value = true
            context.startForegroundService(Intent(context, SyncService::class.java))
        }

        override fun end() {
            SyncService.wanted.value = false
            // One that was begun and is not shown yet must not be stopped from outside: it stops itself once it is.
            if (shown) context.stopService(Intent(context, SyncService::class.java))
        }
    }

    companion object {
        const val END = "org.teilgeber.app.END_SYNC"
        private const val CHANNEL = "sync"
        private const val NOTIFICATION = 1
        private val wanted = MutableStateFlow(false)

        @Volatile
        private var shown = false
    }
}
