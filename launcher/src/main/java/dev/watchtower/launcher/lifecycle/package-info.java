/** The life of one supervised process, decided without touching the system. */
@NullMarked
package dev.watchtower.launcher.lifecycle;

import org.jspecify.annotations.NullMarked;
