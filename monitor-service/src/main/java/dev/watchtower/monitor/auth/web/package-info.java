/** Login, password change, users and tokens over HTTP. */
@NullMarked
package dev.watchtower.monitor.auth.web;

import org.jspecify.annotations.NullMarked;
