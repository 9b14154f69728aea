/** Users, roles, passwords, machine tokens. */
@NullMarked
package dev.watchtower.monitor.auth;

import org.jspecify.annotations.NullMarked;
