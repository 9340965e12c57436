package org.teilgeber.app.platform

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.flow.transformWhile
import org.teilgeber.AnimatedProgress
import org.teilgeber.AnimatedQrReceiver
import org.teilgeber.qrReadLuma
import java.nio.ByteBuffer

/** A picture of brightness alone: [height] rows of [width] bytes, each beginning [stride] bytes after the one before. */
class Luma(
    val width: Int,
    val height: Int,
    val stride: Int,
    val bytes: ByteArray,
) {
    companion object {
        /** Copies the first plane of a camera's picture, whose last row may end at its last pixel. */
        fun of(
            width: Int,
            height: Int,
            stride: Int,
            plane: ByteBuffer,
        ) = Luma(width, height, stride, ByteArray(plane.remaining()).also(plane::get))
    }
}

/** The texts of the codes that the camera sees, each picture's anew. Pictures that come while one is read are left out. */
fun Flow<Luma>.codes(): Flow<String> =
    conflate()
        .map { qrReadLuma(it.width.toUInt(), it.height.toUInt(), it.stride.toUInt(), it.bytes) }
        .transform { codes -> codes.forEach { emit(it) } }
        .flowOn(Dispatchers.Default)

/** Follows codes that follow one another, until their bytes are whole in [receiver]. Tells how far it is. */
fun Flow<Luma>.following(receiver: AnimatedQrReceiver): Flow<AnimatedProgress> =
    conflate()
        .map {
            receiver.takeLuma(it.width.toUInt(), it.height.toUInt(), it.stride.toUInt(), it.bytes)
            receiver.progress()
        }.transformWhile {
            emit(it)
            !it.isDone
        }.flowOn(Dispatchers.Default)
