/** Folders and secret files. */
@NullMarked
package dev.watchtower.launcher.files;

import org.jspecify.annotations.NullMarked;
