/**
 * The doors: what senders speak, decoded into samples. Decoders check lengths before they trust
 * them and are given bounded input only.
 */
@NullMarked
package dev.watchtower.ingest.doors;

import org.jspecify.annotations.NullMarked;
