package org.teilgeber.app.core

import java.io.File
import java.io.OutputStream
import java.util.zip.ZipEntry
import java.util.zip.ZipOutputStream

/** Writes files into one ZIP, each by its path, and closes it. */
fun OutputStream.zip(files: Sequence<Pair<String, ByteArray>>) =
    ZipOutputStream(this).use { zip ->
        for ((path, bytes) in files) {
            zip.putNextEntry(ZipEntry(path))
            zip.write(bytes)
        }
    }

/** All files below a folder, with their paths in it. */
fun File.filesWithin(): Sequence<Pair<String, ByteArray>> =
    walkTopDown().filter { it.isFile }.map { it.relativeTo(this).invariantSeparatorsPath to it.readBytes() }
