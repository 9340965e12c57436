package org.teilgeber.app.core

import androidx.annotation.StringRes
import org.teilgeber.CoreException
import org.teilgeber.app.R

/** What happened, what is safe and what to do, for a person. */
@get:StringRes
val CoreException.words: Int
    get() =
        when (this) {
            is CoreException.UpdateApp -> R.string.error_update_app
            is CoreException.PeerMustUpdate -> R.string.error_peer_must_update
            is CoreException.OtherProgramHasIt -> R.string.error_other_program_has_it
            is CoreException.FreeSpace -> R.string.error_free_space
            is CoreException.CannotWrite -> R.string.error_cannot_write
            is CoreException.OtherFile -> R.string.error_other_file
            is CoreException.OpenAgain -> R.string.error_open_again
            is CoreException.NotHere -> R.string.error_not_here
            is CoreException.NotAllowed -> R.string.error_not_allowed
            is CoreException.Faded -> R.string.error_faded
            is CoreException.OffTheRecord -> R.string.error_off_the_record
            is CoreException.NothingSaid -> R.string.error_nothing_said
            is CoreException.ChooseOne -> R.string.error_choose_one
            is CoreException.SignIt -> R.string.error_sign_it
            is CoreException.ShowName -> R.string.error_show_name
            is CoreException.NoPlaceLeft -> R.string.error_no_place_left
            is CoreException.Shorten -> R.string.error_shorten
            is CoreException.ReadAgain -> R.string.error_read_again
            is CoreException.ScanAgain -> R.string.error_scan_again
            is CoreException.OtherCode -> R.string.error_other_code
            is CoreException.OwnCode -> R.string.error_own_code
            is CoreException.OtherSchedule -> R.string.error_other_schedule
            is CoreException.NotABundle -> R.string.error_not_a_bundle
            is CoreException.CheckAddress -> R.string.error_check_address
            is CoreException.OtherAddress -> R.string.error_other_address
            is CoreException.NothingInCommon -> R.string.error_nothing_in_common
            is CoreException.TryAgain -> R.string.error_try_again
            is CoreException.NoRandomness -> R.string.error_no_randomness
            is CoreException.Photo -> R.string.error_photo
            is CoreException.Folder -> R.string.error_folder
            is CoreException.Invalid -> R.string.error_invalid
            is CoreException.Shut -> R.string.error_shut
            is CoreException.Report -> R.string.error_report
        }
