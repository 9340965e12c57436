package org.teilgeber.app.platform

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.ImageFormat
import android.hardware.camera2.CameraAccessException
import android.hardware.camera2.CameraCaptureSession
import android.hardware.camera2.CameraCharacteristics
import android.hardware.camera2.CameraDevice
import android.hardware.camera2.CameraManager
import android.hardware.camera2.CaptureRequest
import android.media.ImageReader
import android.os.Handler
import android.os.HandlerThread
import android.util.Size
import android.view.Surface
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlin.math.abs

/** The camera is gone, in use, or switched off by the person: try again, or type the code. */
class CameraUnavailable(
    cause: Throwable? = null,
) : Exception("the camera cannot be used now", cause)

/** What looks at codes. */
interface Camera {
    /**
     * Pictures for as long as this is collected, which fails with [CameraUnavailable] where there are none (any more).
     * The person allowed [Need.CAMERA] before. They see on [preview] what it sees.
     */
    fun pictures(preview: Surface?): Flow<Luma>
}

/** The one that looks away from the person, else any: in the size that is nearest to what codes need. */
class PhoneCamera(
    private val context: Context,
) : Camera {
    private val manager get() = context.getSystemService(CameraManager::class.java)

    override fun pictures(preview: Surface?): Flow<Luma> =
        callbackFlow {
            val thread = HandlerThread("camera").apply { start() }
            val handler = Handler(thread.looper)
            var reader: ImageReader? = null
            var device: CameraDevice? = null
            try {
                val id = backCamera() ?: throw CameraUnavailable()
                reader = reader(id).also { it.setOnImageAvailableListener({ picture -> take(picture) }, handler) }
                open(id, listOfNotNull(reader.surface, preview), handler) { device = it }
                awaitClose()
            } catch (e: CameraAccessException) {
                throw CameraUnavailable(e)
            } catch (e: SecurityException) {
                throw CameraUnavailable(e)
            } finally {
                device?.close()
                reader?.close()
                thread.quitSafely()
            }
        }.buffer(Channel.CONFLATED)

    private fun ProducerScope<Luma>.take(reader: ImageReader) {
        reader.acquireLatestImage()?.use { image ->
            val plane = image.planes[0]
            trySend(Luma.of(image.width, image.height, plane.rowStride, plane.buffer))
        }
    }

    @SuppressLint("MissingPermission") // Without it this is a SecurityException, which is told.
    private fun ProducerScope<Luma>.open(
        id: String,
        surfaces: List<Surface>,
        handler: Handler,
        opened: (CameraDevice) -> Unit,
    ) = manager.openCamera(
        id,
        object : CameraDevice.StateCallback() {
            override fun onOpened(camera: CameraDevice) {
                opened(camera)
                if (!isClosedForSend) look(camera, surfaces, handler) else camera.close()
            }

            override fun onDisconnected(camera: CameraDevice) = ends(camera)

            override fun onError(
                camera: CameraDevice,
                error: Int,
            ) = ends(camera)

            private fun ends(camera: CameraDevice) {
                camera.close()
                close(CameraUnavailable())
            }
        },
        handler,
    )

    private fun ProducerScope<Luma>.look(
        camera: CameraDevice,
        surfaces: List<Surface>,
        handler: Handler,
    ) {
        val callback =
            object : CameraCaptureSession.StateCallback() {
                override fun onConfigured(session: CameraCaptureSession) {
                    val request = camera.createCaptureRequest(CameraDevice.TEMPLATE_PREVIEW)
                    surfaces.forEach(request::addTarget)
                    request.set(CaptureRequest.CONTROL_AF_MODE, CaptureRequest.CONTROL_AF_MODE_CONTINUOUS_PICTURE)
                    orEnd { session.setRepeatingRequest(request.build(), null, handler) }
                }

                override fun onConfigureFailed(session: CameraCaptureSession) {
                    close(CameraUnavailable())
                }
            }
        @Suppress("DEPRECATION") // The one that replaces it is of API 28.
        orEnd { camera.createCaptureSession(surfaces, callback, handler) }
    }

    /** The camera may go at any moment. */
    private fun ProducerScope<Luma>.orEnd(work: () -> Unit) {
        try {
            work()
        } catch (e: CameraAccessException) {
            close(CameraUnavailable(e))
        } catch (e: IllegalStateException) {
            close(CameraUnavailable(e))
        }
    }

    private fun backCamera(): String? {
        val ids = manager.cameraIdList
        return ids.find { facing(it) == CameraCharacteristics.LENS_FACING_BACK } ?: ids.firstOrNull()
    }

    private fun facing(id: String) = manager.getCameraCharacteristics(id)[CameraCharacteristics.LENS_FACING]

    private fun reader(id: String): ImageReader {
        val map = manager.getCameraCharacteristics(id)[CameraCharacteristics.SCALER_STREAM_CONFIGURATION_MAP]
        val size = sizeForCodes(map?.getOutputSizes(ImageFormat.YUV_420_888).orEmpty().toList())
        return ImageReader.newInstance(size.width, size.height, ImageFormat.YUV_420_888, IMAGES)
    }

    private companion object {
        /** One that is read, one that comes, and one between. */
        const val IMAGES = 3
    }
}

/** About a megapixel: more takes longer to read, less does not show the largest codes. */
fun sizeForCodes(sizes: List<Size>): Size =
    sizes.minByOrNull { abs(it.width * it.height - 1280 * 720) } ?: Size(1280, 720)
