plugins {
    alias(libs.plugins.android.application)
    alias(libs.plugins.kotlin.compose)
}

val coreOut = layout.buildDirectory.dir("core").get()

fun number(version: Provider<String>) = version.get().toInt()

android {
    namespace = "org.teilgeber.app"
    compileSdk = number(libs.versions.gradleOnly.compileSdk)

    defaultConfig {
        applicationId = "org.teilgeber.app"
        minSdk = number(libs.versions.minSdk)
        targetSdk = number(libs.versions.targetSdk)
        versionCode = number(libs.versions.app)
        versionName = libs.versions.appName.get()
    }
    buildFeatures {
        compose = true
    }
    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles("proguard-rules.pro")
        }
    }
    sourceSets["main"].kotlin.srcDirs("$coreOut/kotlin", "$rootDir/../bindings/kotlin/src/main/kotlin")
    testOptions.unitTests {
        isIncludeAndroidResources = true
        all { test ->
            test.systemProperty("org.robolectric.packagesToNotAcquire", "com.sun.jna.")
            test.systemProperty("jna.library.path", "$coreOut/lib")
            test.systemProperty("pictures", "${test.temporaryDir}/pictures")
            test.jvmArgs(
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.access=ALL-UNNAMED",
            )
        }
    }
}

kotlin {
    jvmToolchain(17)
}

dependencies {
    implementation(libs.activity.compose)
    implementation(libs.compose.foundation)
    implementation(libs.compose.ui)
    implementation(libs.commonmark)
    implementation(libs.core.ktx)
    implementation(libs.coroutines.android)
    implementation(libs.lifecycle.runtime.compose)
    implementation(libs.lifecycle.viewmodel)
    implementation(libs.material3)

    // The phone takes JNA's .aar, tests on this machine take the .jar with its native part for hosts.
    implementation(libs.jna) { artifact { type = "aar" } }
    testImplementation(libs.jna) { artifact { type = "jar" } }

    testImplementation(libs.compose.ui.test.junit4)
    testImplementation(libs.compose.ui.test.manifest)
    testImplementation(libs.junit)
    testImplementation(libs.robolectric)
}

// The core for this host and its Kotlin, as in the Maven build.
val core by tasks.registering(Exec::class) {
    commandLine("$rootDir/tools/core", "$coreOut")
}
tasks.named("preBuild") { dependsOn(core) }
