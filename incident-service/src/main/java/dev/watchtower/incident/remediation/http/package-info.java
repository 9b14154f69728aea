/** What playbooks act through, and what shows whether it helped. */
@NullMarked
package dev.watchtower.incident.remediation.http;

import org.jspecify.annotations.NullMarked;
