package org.teilgeber.app.swap

import android.view.Surface
import android.view.SurfaceHolder
import android.view.SurfaceView
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clipToBounds
import androidx.compose.ui.viewinterop.AndroidView
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LocalLifecycleOwner
import androidx.lifecycle.repeatOnLifecycle
import kotlinx.coroutines.flow.Flow
import org.teilgeber.app.platform.Camera
import org.teilgeber.app.platform.CameraUnavailable
import org.teilgeber.app.platform.Luma

/** What the camera sees, for as long as this is on the screen. [look] takes the pictures. */
@Composable
fun CameraView(
    camera: Camera,
    onGone: () -> Unit,
    modifier: Modifier = Modifier,
    look: suspend (Flow<Luma>) -> Unit,
) {
    var surface by remember { mutableStateOf<Surface?>(null) }
    val looks by rememberUpdatedState(look)
    val gone by rememberUpdatedState(onGone)
    val owner = LocalLifecycleOwner.current
    LaunchedEffect(camera, surface) {
        val preview = surface ?: return@LaunchedEffect
        owner.repeatOnLifecycle(Lifecycle.State.STARTED) {
            try {
                looks(camera.pictures(preview))
            } catch (_: CameraUnavailable) {
                gone()
            }
        }
    }
    Box(modifier.clipToBounds(), Alignment.Center) {
        // A phone held upright turns the camera's picture by a quarter.
        AndroidView({ context -> preview(SurfaceView(context)) { surface = it } }, Modifier.fillMaxWidth().aspectRatio(HIGH / WIDE))
    }
}

private fun preview(
    view: SurfaceView,
    onSurface: (Surface?) -> Unit,
): SurfaceView {
    view.holder.setFixedSize(WIDE.toInt(), HIGH.toInt())
    view.holder.addCallback(
        object : SurfaceHolder.Callback {
            override fun surfaceCreated(holder: SurfaceHolder) = onSurface(holder.surface)

            override fun surfaceChanged(
                holder: SurfaceHolder,
                format: Int,
                width: Int,
                height: Int,
            ) = Unit

            override fun surfaceDestroyed(holder: SurfaceHolder) = onSurface(null)
        },
    )
    return view
}

private const val WIDE = 1280f
private const val HIGH = 720f
