package org.teilgeber.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** Every word is there in English and in German, with the same places for what is put in. */
class WordsTest {
    private val english = words("values")
    private val german = words("values-de")

    @Test
    fun bothLanguagesSayTheSameThings() {
        assertTrue(english.size > 50)
        assertEquals(english.keys, german.keys)
        val places = Regex("%\\d*\\$?[ds]")
        val differ = english.keys.filter { places.findAll(english.getValue(it)).map { p -> p.value }.sorted().toList() != places.findAll(german.getValue(it)).map { p -> p.value }.sorted().toList() }
        assertEquals(emptyList<String>(), differ)
    }

    @Test
    fun nobodyIsShoutedAt() {
        val loud = (english + german.mapKeys { "de ${it.key}" }).filterValues { '!' in it }
        assertEquals(emptySet<String>(), loud.keys)
    }

    private fun words(folder: String): Map<String, String> {
        val files = File("src/main/res/$folder").listFiles { file -> file.name != "themes.xml" }.orEmpty()
        return files.flatMap { file ->
            val root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement
            (0 until root.childNodes.length).mapNotNull { root.childNodes.item(it) as? Element }.map {
                it.getAttribute("name") to it.textContent
            }
        }.toMap()
    }
}
