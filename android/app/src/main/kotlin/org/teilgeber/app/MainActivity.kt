package org.teilgeber.app

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import org.teilgeber.app.frame.App
import org.teilgeber.app.frame.Models
import org.teilgeber.app.look.TeilgeberTheme

class MainActivity : ComponentActivity() {
    private val models: Models by viewModels()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        val application = application as TeilgeberApplication
        setContent { TeilgeberTheme { App(application::core, models) } }
    }

    override fun onStart() {
        super.onStart()
        (application as TeilgeberApplication).seen.value = true
    }

    override fun onStop() {
        (application as TeilgeberApplication).seen.value = false
        super.onStop()
    }
}
