package org.teilgeber.app.platform

import android.content.ClipData
import android.content.Context
import android.content.Intent
import android.net.Uri
import androidx.core.content.FileProvider
import androidx.core.content.IntentCompat
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/** The type of a bundle. Most apps that carry files call it a stream of bytes all the same. */
const val BUNDLE_TYPE = "application/vnd.teilgeber.bundle"

/** Hands bundles to other apps, and takes those that other apps hand over. */
interface Bundles {
    /**
     * What to start so that the person chooses who gets the bundle that [write] writes into the file of a path.
     * Another app may read this one file only.
     */
    suspend fun sharing(
        name: String,
        write: suspend (path: String) -> Unit,
    ): Intent

    /**
     * Reads what was opened or shared, by the path of a copy that goes afterwards. Fails with an [IOException] where it
     * is gone, or there is no room for it.
     */
    suspend fun <T> reading(
        bundle: Uri,
        read: suspend (path: String) -> T,
    ): T
}

/** The file that another app hands over with this, if it does: opened, or shared. */
fun handedOver(intent: Intent): Uri? {
    val uri =
        when (intent.action) {
            Intent.ACTION_VIEW -> intent.data
            Intent.ACTION_SEND -> IntentCompat.getParcelableExtra(intent, Intent.EXTRA_STREAM, Uri::class.java)
            else -> null
        }
    // A path would be read with the rights of this app, which can read its own database.
    return uri?.takeIf { it.scheme == "content" }
}

/** Bundles in the cache, which the system empties when it needs room. One that is shared replaces those before. */
class SharedBundles(
    private val context: Context,
) : Bundles {
    override suspend fun sharing(
        name: String,
        write: suspend (path: String) -> Unit,
    ): Intent {
        val file = File(emptied("bundles"), "${fileName(name)}.teilgeber")
        write(file.path)
        val uri = FileProvider.getUriForFile(context, "${context.packageName}.bundles", file)
        val send =
            Intent(Intent.ACTION_SEND)
                .setType(BUNDLE_TYPE)
                .putExtra(Intent.EXTRA_STREAM, uri)
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        send.clipData = ClipData.newRawUri(null, uri)
        return Intent.createChooser(send, null)
    }

    override suspend fun <T> reading(
        bundle: Uri,
        read: suspend (path: String) -> T,
    ): T {
        val copy = withContext(Dispatchers.IO) { File.createTempFile("opened", ".teilgeber", context.cacheDir) }
        try {
            withContext(Dispatchers.IO) { copy(bundle, copy) }
            return read(copy.path)
        } finally {
            copy.delete()
        }
    }

    private fun copy(
        bundle: Uri,
        file: File,
    ) {
        try {
            val input = context.contentResolver.openInputStream(bundle) ?: throw IOException("the file is gone")
            input.use { from -> file.outputStream().use(from::copyTo) }
        } catch (e: SecurityException) {
            throw IOException("the other app took it back", e)
        }
    }

    private suspend fun emptied(folder: String): File =
        withContext(Dispatchers.IO) {
            File(context.cacheDir, folder).apply {
                deleteRecursively()
                mkdirs()
            }
        }
}

/** A name that every system takes, of what a person wrote. */
fun fileName(name: String): String =
    name
        .map { if (it.isLetterOrDigit() || it in "-_ ") it else '-' }
        .joinToString("")
        .trim(' ', '-')
        .take(60)
        .ifEmpty { "bundle" }
