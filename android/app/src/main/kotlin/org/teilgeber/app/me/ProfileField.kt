package org.teilgeber.app.me

import androidx.annotation.StringRes
import org.teilgeber.Audience
import org.teilgeber.Card
import org.teilgeber.Interest
import org.teilgeber.Level
import org.teilgeber.PhotoConsent
import org.teilgeber.Profile
import org.teilgeber.Tag
import org.teilgeber.app.R

/** The fields of a profile, each with an audience of its own. */
enum class ProfileField(
    @StringRes val word: Int,
) {
    NAME(R.string.me_name),
    HASHTAGS(R.string.me_hashtags),
    BIO(R.string.me_bio),
    LINKS(R.string.me_links),
    PHOTO(R.string.me_photo),
}

/** What a field is to say and for whom. Hashtags and links are words with spaces between. */
data class FieldDraft(
    val audience: Audience,
    val words: String = "",
    val levels: Map<Tag, Level> = emptyMap(),
    val consent: PhotoConsent? = null,
) {
    val name get() = words.trim().ifEmpty { null }
    val tags: List<Tag> get() = parts().map { it.removePrefix("#") }.filter { it.isNotEmpty() }.distinct()
    val hashtags get() = tags.map { Interest(it, levels[it]) }
    val links get() = parts()

    private fun parts() = words.split(' ', ',', '\n').filter { it.isNotEmpty() }
}

fun Profile.draft(field: ProfileField) =
    when (field) {
        ProfileField.NAME -> FieldDraft(nameFor, name.orEmpty())
        ProfileField.HASHTAGS ->
            FieldDraft(
                hashtagsFor,
                hashtags.joinToString(" ") { "#${it.tag}" },
                hashtags.mapNotNull { one -> one.level?.let { one.tag to it } }.toMap(),
            )
        ProfileField.BIO -> FieldDraft(bioFor, bio)
        ProfileField.LINKS -> FieldDraft(linksFor, links.joinToString("\n"))
        ProfileField.PHOTO -> FieldDraft(photoConsentFor, consent = photoConsent)
    }

fun Profile.with(
    field: ProfileField,
    draft: FieldDraft,
) = when (field) {
    ProfileField.NAME -> copy(name = draft.name, nameFor = draft.audience)
    ProfileField.HASHTAGS -> copy(hashtags = draft.hashtags, hashtagsFor = draft.audience)
    ProfileField.BIO -> copy(bio = draft.words.trim(), bioFor = draft.audience)
    ProfileField.LINKS -> copy(links = draft.links, linksFor = draft.audience)
    ProfileField.PHOTO -> copy(photoConsent = draft.consent, photoConsentFor = draft.audience)
}

/** The card that those see for whom the field is to be, with the field as it is to be. */
fun Card.with(
    field: ProfileField,
    draft: FieldDraft,
) = when (field) {
    ProfileField.NAME -> copy(name = draft.name)
    ProfileField.HASHTAGS -> copy(hashtags = draft.hashtags)
    ProfileField.BIO -> copy(bio = draft.words.trim())
    ProfileField.LINKS -> copy(links = draft.links)
    ProfileField.PHOTO -> copy(photoConsent = draft.consent ?: photoConsent)
}
